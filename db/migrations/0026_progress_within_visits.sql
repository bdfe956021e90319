ALTER TABLE "visits" ADD COLUMN "progress" jsonb;--> statement-breakpoint
-- Visits of before do not say when their orders moved on: they are folded again at the start.
update sites set rebuild_version = rules_version where exists (select from orders where orders.site = sites.code);
