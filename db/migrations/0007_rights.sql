ALTER TABLE "changes" ADD COLUMN "actor_kind" text DEFAULT 'key' NOT NULL;--> statement-breakpoint
ALTER TABLE "sites" ADD COLUMN "privacy" jsonb DEFAULT '{}'::jsonb NOT NULL;