ALTER TABLE "sites" ADD COLUMN "rebuild_version" integer;--> statement-breakpoint
ALTER TABLE "sites" ADD COLUMN "rebuild_origin" text;--> statement-breakpoint
ALTER TABLE "sites" ADD COLUMN "rebuild_until" timestamp (3) with time zone;--> statement-breakpoint
-- Visits of before keep nothing of what was known of their orders (migration 0012): they are folded again at the start.
update sites set rebuild_version = rules_version where exists (select from orders where orders.site = sites.code);
