ALTER TABLE "archives" ADD COLUMN "correction_count" integer;--> statement-breakpoint
ALTER TABLE "archives" ADD COLUMN "corrections_sha256" text;--> statement-breakpoint
ALTER TABLE "archives" ADD COLUMN "import_ids" bigint[];--> statement-breakpoint
CREATE INDEX "corrections_order" ON "corrections" USING btree ("site","order_id");--> statement-breakpoint
CREATE INDEX "archives_without_corrections" ON "archives" USING btree ("site","id") WHERE correction_count is null;