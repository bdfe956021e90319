CREATE TABLE "channel_budgets" (
	"site" text NOT NULL,
	"channel_id" text NOT NULL,
	"used_at" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"blocked_until" timestamp (3) with time zone,
	CONSTRAINT "channel_budgets_site_channel_id_pk" PRIMARY KEY("site","channel_id")
);
--> statement-breakpoint
CREATE TABLE "channels" (
	"site" text NOT NULL,
	"id" text NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"settings" jsonb NOT NULL,
	"sealed" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"failing_since" timestamp (3) with time zone,
	CONSTRAINT "channels_site_id_pk" PRIMARY KEY("site","id")
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"site" text NOT NULL,
	"id" text NOT NULL,
	"channel_id" text NOT NULL,
	"recipient" text NOT NULL,
	"dedupe_key" text NOT NULL,
	"message" jsonb NOT NULL,
	"priority" integer NOT NULL,
	"state" text NOT NULL,
	"fallbacks" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"fallback_of" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"queued_at" timestamp (3) with time zone NOT NULL,
	"next_attempt_at" timestamp (3) with time zone,
	"claim" integer DEFAULT 0 NOT NULL,
	"failure_count" integer DEFAULT 0 NOT NULL,
	"sending_until" timestamp (3) with time zone,
	"attempts" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"provider_id" text,
	"read_at" timestamp (3) with time zone,
	CONSTRAINT "messages_site_id_pk" PRIMARY KEY("site","id")
);
--> statement-breakpoint
CREATE TABLE "push_subscriptions" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"endpoint" text NOT NULL,
	"sealed" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "channel_budgets" ADD CONSTRAINT "channel_budgets_site_sites_code_fk" FOREIGN KEY ("site") REFERENCES "sites"("code") ON DELETE cascade;--> statement-breakpoint
ALTER TABLE "channels" ADD CONSTRAINT "channels_site_sites_code_fk" FOREIGN KEY ("site") REFERENCES "sites"("code") ON DELETE cascade;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_site_sites_code_fk" FOREIGN KEY ("site") REFERENCES "sites"("code") ON DELETE cascade;--> statement-breakpoint
ALTER TABLE "push_subscriptions" ADD CONSTRAINT "push_subscriptions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE cascade;--> statement-breakpoint
CREATE UNIQUE INDEX "messages_once" ON "messages" USING btree ("site","channel_id","recipient","dedupe_key");--> statement-breakpoint
CREATE INDEX "messages_waiting" ON "messages" USING btree ("site","channel_id","recipient","priority","created_at") WHERE state in ('queued', 'retried', 'sending');--> statement-breakpoint
CREATE INDEX "messages_created" ON "messages" USING btree ("site","created_at","id");--> statement-breakpoint
CREATE INDEX "messages_inbox" ON "messages" USING btree ("site","recipient","created_at") WHERE channel_id = 'inbox';--> statement-breakpoint
CREATE UNIQUE INDEX "push_subscriptions_endpoint" ON "push_subscriptions" USING btree ("endpoint");--> statement-breakpoint
CREATE INDEX "push_subscriptions_user" ON "push_subscriptions" USING btree ("user_id");