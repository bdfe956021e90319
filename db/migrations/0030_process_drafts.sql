CREATE TABLE "process_drafts" (
	"site" text NOT NULL,
	"process" text NOT NULL,
	"definition" jsonb NOT NULL,
	"base" text,
	"saved_at" timestamp (3) with time zone NOT NULL,
	"actor_kind" text NOT NULL,
	"actor" text NOT NULL,
	CONSTRAINT "process_drafts_site_process_pk" PRIMARY KEY("site","process")
);
--> statement-breakpoint
ALTER TABLE "changes" ADD COLUMN "reason" text;--> statement-breakpoint
ALTER TABLE "changes" ADD COLUMN "valid_from" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "process_drafts" ADD CONSTRAINT "process_drafts_site_sites_code_fk" FOREIGN KEY ("site") REFERENCES "sites"("code") ON DELETE cascade;--> statement-breakpoint
CREATE INDEX "changes_subject" ON "changes" USING btree ("site","subject","id");--> statement-breakpoint
-- Departments see what moved the limits of their orders: releases and rollbacks of a process, too.
ALTER POLICY "of_site" ON "changes" USING (
  site = (SELECT public.stagewatch_read_site()) AND (
    (SELECT public.stagewatch_reads_all())
    OR action IN ('process.saved', 'process.released', 'process.rolled-back', 'calendar.saved', 'calendars.chosen')
  )
);
