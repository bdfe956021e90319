ALTER TABLE "alert_log" ADD COLUMN "text" text;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "hand_over" jsonb;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "hand_over_count" integer DEFAULT 0 NOT NULL;