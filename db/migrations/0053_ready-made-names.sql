ALTER TABLE "alert_rules" ADD COLUMN "names" jsonb;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "titles" jsonb;