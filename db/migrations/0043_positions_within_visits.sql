ALTER TABLE "visits" ADD COLUMN "positions" jsonb;--> statement-breakpoint
-- Visits of before do not say when positions were reported: orders of which some were are folded again at the start.
update sites set rebuild_version = rules_version
where exists (select from events where events.site = sites.code and events.type = 'position.reported');
