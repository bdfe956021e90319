CREATE TABLE "screen_pairings" (
	"device_hash" text PRIMARY KEY NOT NULL,
	"user_code" text NOT NULL,
	"address" text NOT NULL,
	"device" text NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"polled_at" timestamp (3) with time zone,
	"interval_s" integer NOT NULL,
	"state" text NOT NULL,
	"site" text,
	"screen_id" text
);
--> statement-breakpoint
CREATE TABLE "screens" (
	"site" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"settings" jsonb NOT NULL,
	"token_hash" text,
	"token_issued_at" timestamp (3) with time zone,
	"next_token_hash" text,
	"next_token_issued_at" timestamp (3) with time zone,
	"approved_by" text NOT NULL,
	"paired_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"version" integer DEFAULT 0 NOT NULL,
	"identify_count" integer DEFAULT 0 NOT NULL,
	"reload_count" integer DEFAULT 0 NOT NULL,
	"last_seen_at" timestamp (3) with time zone,
	"address" text,
	"report" jsonb,
	CONSTRAINT "screens_site_id_pk" PRIMARY KEY("site","id")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "screen_pairings_user_code" ON "screen_pairings" USING btree ("user_code");--> statement-breakpoint
CREATE INDEX "screen_pairings_expires" ON "screen_pairings" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "screens_token" ON "screens" USING btree ("token_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "screens_next_token" ON "screens" USING btree ("next_token_hash");