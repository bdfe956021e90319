ALTER TABLE "screens" ADD COLUMN "confirmed_at" timestamp (3) with time zone;--> statement-breakpoint
-- Whatever was seen before this release has used its token.
UPDATE "screens" SET "confirmed_at" = "last_seen_at" WHERE "token_hash" IS NOT NULL;
