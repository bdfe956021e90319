ALTER TABLE "customer_mails" ADD COLUMN "event_source" text;--> statement-breakpoint
ALTER TABLE "customer_mails" ADD COLUMN "event_id" text;--> statement-breakpoint
CREATE INDEX "customer_mails_waiting" ON "customer_mails" USING btree ("site","address_hash") WHERE event_id is not null;