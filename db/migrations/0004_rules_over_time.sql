CREATE TABLE "calendar_choices" (
	"site" text NOT NULL,
	"department" text NOT NULL,
	"calendar" text NOT NULL,
	CONSTRAINT "calendar_choices_site_department_pk" PRIMARY KEY("site","department")
);
--> statement-breakpoint
CREATE TABLE "calendars" (
	"site" text NOT NULL,
	"code" text NOT NULL,
	"definition" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "calendars_site_code_pk" PRIMARY KEY("site","code")
);
--> statement-breakpoint
CREATE TABLE "changes" (
	"site" text NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"changed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	CONSTRAINT "changes_site_id_pk" PRIMARY KEY("site","id")
);
--> statement-breakpoint
ALTER TABLE "processes" DROP CONSTRAINT "processes_site_code_pk";--> statement-breakpoint
ALTER TABLE "processes" ADD COLUMN "valid_from" timestamp (3) with time zone DEFAULT '-infinity' NOT NULL;--> statement-breakpoint
ALTER TABLE "processes" ADD CONSTRAINT "processes_site_code_valid_from_pk" PRIMARY KEY("site","code","valid_from");--> statement-breakpoint
ALTER TABLE "visits" ADD COLUMN "handovers" jsonb;--> statement-breakpoint
ALTER TABLE "visits" ADD COLUMN "waits" jsonb;