CREATE TABLE "jobs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "jobs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"queue" text NOT NULL,
	"key" text NOT NULL,
	"site" text NOT NULL,
	"run_at" timestamp (3) with time zone NOT NULL,
	"attempt" integer DEFAULT 0 NOT NULL,
	"leased_until" timestamp (3) with time zone,
	"last_error" text,
	"dead_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "log_consumers" (
	"name" text PRIMARY KEY NOT NULL,
	"tx" text NOT NULL,
	"position" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "transitions" (
	"site" text NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "transitions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"process" text NOT NULL,
	"order_id" text DEFAULT '' NOT NULL,
	"stage" text NOT NULL,
	"nth" integer DEFAULT 0 NOT NULL,
	"began_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"imported" boolean DEFAULT false NOT NULL,
	CONSTRAINT "transitions_site_id_pk" PRIMARY KEY("site","id")
);
--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"site" text NOT NULL,
	"id" text NOT NULL,
	"webhook_id" text NOT NULL,
	"subject" text NOT NULL,
	"type" text NOT NULL,
	"body" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"attempt_count" integer DEFAULT 0 NOT NULL,
	"last_attempt_at" timestamp (3) with time zone,
	"next_attempt_at" timestamp (3) with time zone,
	"last_status" integer,
	"last_error" text,
	CONSTRAINT "webhook_deliveries_site_id_pk" PRIMARY KEY("site","id")
);
--> statement-breakpoint
CREATE TABLE "webhooks" (
	"site" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"url" text NOT NULL,
	"events" text[] NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"secret" text NOT NULL,
	"previous_secret" text,
	"previous_until" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"failing_since" timestamp (3) with time zone,
	"disabled_at" timestamp (3) with time zone,
	CONSTRAINT "webhooks_site_id_pk" PRIMARY KEY("site","id")
);
--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "imported" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_key" ON "jobs" USING btree ("queue","key");--> statement-breakpoint
CREATE INDEX "jobs_due" ON "jobs" USING btree ("queue","run_at") WHERE dead_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "transitions_once" ON "transitions" USING btree ("site","kind","order_id","process","stage","nth","began_at");--> statement-breakpoint
CREATE UNIQUE INDEX "transitions_open_visit" ON "transitions" USING btree ("site","kind","order_id","stage","nth") WHERE ended_at is null and order_id <> '';--> statement-breakpoint
CREATE UNIQUE INDEX "transitions_open_stage" ON "transitions" USING btree ("site","kind","process") WHERE ended_at is null and order_id = '';--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_deliveries_once" ON "webhook_deliveries" USING btree ("site","webhook_id","subject");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_created" ON "webhook_deliveries" USING btree ("site","webhook_id","created_at","id");