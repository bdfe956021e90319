ALTER TABLE "screens" ADD COLUMN "browser" text;--> statement-breakpoint
ALTER TABLE "approvals" ADD COLUMN "is_archived" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "archives" ADD COLUMN "approval_count" integer;--> statement-breakpoint
ALTER TABLE "archives" ADD COLUMN "approvals_sha256" text;--> statement-breakpoint
ALTER TABLE "archives" ADD COLUMN "parts_restored_count" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "archives_without_approvals" ON "archives" USING btree ("site","id") WHERE approval_count is null;