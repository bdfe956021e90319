CREATE TABLE "archive_runs" (
	"site" text NOT NULL,
	"begun_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"after" text,
	"order_count" integer NOT NULL,
	"event_count" integer NOT NULL,
	"failure" jsonb,
	"is_cancelled" boolean DEFAULT false NOT NULL,
	CONSTRAINT "archive_runs_site_pk" PRIMARY KEY("site")
);
--> statement-breakpoint
CREATE TABLE "archived_events" (
	"site" text NOT NULL,
	"key" uuid NOT NULL,
	"content_hash" uuid NOT NULL,
	"archive_id" integer NOT NULL,
	CONSTRAINT "archived_events_site_key_pk" PRIMARY KEY("site","key")
);
--> statement-breakpoint
CREATE TABLE "archives" (
	"site" text NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "archives_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"month" text NOT NULL,
	"archived_at" timestamp (3) with time zone NOT NULL,
	"order_count" integer NOT NULL,
	"event_count" integer NOT NULL,
	"restored_count" integer DEFAULT 0 NOT NULL,
	"first_event_at" timestamp (3) with time zone NOT NULL,
	"last_event_at" timestamp (3) with time zone NOT NULL,
	"last_recorded_at" timestamp (3) with time zone,
	"last_position" bigint NOT NULL,
	"bytes" bigint NOT NULL,
	"events_sha256" text NOT NULL,
	"log_sha256" text NOT NULL,
	CONSTRAINT "archives_site_id_pk" PRIMARY KEY("site","id")
);
--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "archive_id" bigint;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "restored_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "sites" ADD COLUMN "retention" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "archive_runs" ADD CONSTRAINT "archive_runs_site_sites_code_fk" FOREIGN KEY ("site") REFERENCES "sites"("code") ON DELETE cascade;--> statement-breakpoint
CREATE INDEX "archived_events_archive" ON "archived_events" USING btree ("site","archive_id");--> statement-breakpoint
CREATE INDEX "orders_archive" ON "orders" USING btree ("site","archive_id") WHERE archive_id is not null;