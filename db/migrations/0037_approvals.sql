CREATE TABLE "approval_entries" (
	"site" text NOT NULL,
	"approval_id" bigint NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "approval_entries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp (3) with time zone NOT NULL,
	"kind" text NOT NULL,
	"step" integer,
	"slot" integer,
	"by_id" text,
	"by_name" text,
	"for_id" text,
	"for_name" text,
	"to_id" text,
	"to_name" text,
	"how" text,
	"comment" text,
	CONSTRAINT "approval_entries_site_id_pk" PRIMARY KEY("site","id")
);
--> statement-breakpoint
CREATE TABLE "approval_links" (
	"site" text NOT NULL,
	"approval_id" bigint NOT NULL,
	"step" integer NOT NULL,
	"person_id" text NOT NULL,
	"hash" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone,
	CONSTRAINT "approval_links_site_approval_id_step_person_id_pk" PRIMARY KEY("site","approval_id","step","person_id")
);
--> statement-breakpoint
CREATE TABLE "approvals" (
	"site" text NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "approvals_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"order_id" text NOT NULL,
	"process" text NOT NULL,
	"stage" text NOT NULL,
	"nth" integer NOT NULL,
	"entered_at" timestamp (3) with time zone NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"flow" jsonb NOT NULL,
	"steps" integer[] NOT NULL,
	"department" text,
	"requester" text,
	"requester_ids" text[] NOT NULL,
	"is_silent" boolean DEFAULT false NOT NULL,
	"outcome" text,
	"is_automatic" boolean DEFAULT false NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"moved_at" timestamp (3) with time zone,
	"waiting_since" timestamp (3) with time zone NOT NULL,
	"waiting_for" text[] NOT NULL,
	"revision" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp (3) with time zone,
	CONSTRAINT "approvals_site_id_pk" PRIMARY KEY("site","id")
);
--> statement-breakpoint
ALTER TABLE "approval_entries" ADD CONSTRAINT "approval_entries_site_approval_id_approvals_site_id_fk" FOREIGN KEY ("site","approval_id") REFERENCES "approvals"("site","id") ON DELETE cascade;--> statement-breakpoint
ALTER TABLE "approval_links" ADD CONSTRAINT "approval_links_site_approval_id_approvals_site_id_fk" FOREIGN KEY ("site","approval_id") REFERENCES "approvals"("site","id") ON DELETE cascade;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_site_sites_code_fk" FOREIGN KEY ("site") REFERENCES "sites"("code") ON DELETE cascade;--> statement-breakpoint
CREATE INDEX "approval_entries_approval" ON "approval_entries" USING btree ("site","approval_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "approval_entries_once" ON "approval_entries" USING btree ("site","approval_id","step","slot",(kind = 'timed-out')) WHERE kind in ('approved', 'rejected', 'timed-out');--> statement-breakpoint
CREATE INDEX "approval_entries_by" ON "approval_entries" USING btree ("site","by_id","id") WHERE by_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "approval_links_hash" ON "approval_links" USING btree ("hash");--> statement-breakpoint
CREATE UNIQUE INDEX "approvals_open" ON "approvals" USING btree ("site","order_id","stage") WHERE outcome is null;--> statement-breakpoint
CREATE INDEX "approvals_order" ON "approvals" USING btree ("site","order_id","id");--> statement-breakpoint
CREATE INDEX "approvals_waiting" ON "approvals" USING gin ("waiting_for") WHERE outcome is null;--> statement-breakpoint
CREATE INDEX "approvals_requesters" ON "approvals" USING gin ("requester_ids");--> statement-breakpoint
CREATE INDEX "approvals_running" ON "approvals" USING btree ("site","id") WHERE outcome is null;