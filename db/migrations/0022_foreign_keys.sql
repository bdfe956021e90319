-- Rows of sites and people that are gone have never been shown.
DELETE FROM "api_keys" WHERE NOT EXISTS (SELECT FROM "sites" WHERE "sites"."code" = "api_keys"."site");
--> statement-breakpoint
DELETE FROM "calendar_choices" WHERE NOT EXISTS (SELECT FROM "sites" WHERE "sites"."code" = "calendar_choices"."site");
--> statement-breakpoint
DELETE FROM "calendars" WHERE NOT EXISTS (SELECT FROM "sites" WHERE "sites"."code" = "calendars"."site");
--> statement-breakpoint
DELETE FROM "processes" WHERE NOT EXISTS (SELECT FROM "sites" WHERE "sites"."code" = "processes"."site");
--> statement-breakpoint
DELETE FROM "invitations" WHERE NOT EXISTS (SELECT FROM "sites" WHERE "sites"."code" = "invitations"."site");
--> statement-breakpoint
DELETE FROM "memberships" WHERE NOT EXISTS (SELECT FROM "sites" WHERE "sites"."code" = "memberships"."site");
--> statement-breakpoint
DELETE FROM "memberships" WHERE NOT EXISTS (SELECT FROM "users" WHERE "users"."id" = "memberships"."user_id");
--> statement-breakpoint
DELETE FROM "two_factors" WHERE NOT EXISTS (SELECT FROM "users" WHERE "users"."id" = "two_factors"."user_id");
--> statement-breakpoint
DELETE FROM "user_accounts" WHERE NOT EXISTS (SELECT FROM "users" WHERE "users"."id" = "user_accounts"."user_id");
--> statement-breakpoint
DELETE FROM "user_sessions" WHERE NOT EXISTS (SELECT FROM "users" WHERE "users"."id" = "user_sessions"."user_id");
--> statement-breakpoint
DELETE FROM "screens" WHERE NOT EXISTS (SELECT FROM "sites" WHERE "sites"."code" = "screens"."site");
--> statement-breakpoint
DELETE FROM "webhooks" WHERE NOT EXISTS (SELECT FROM "sites" WHERE "sites"."code" = "webhooks"."site");
--> statement-breakpoint
DELETE FROM "webhook_deliveries" WHERE NOT EXISTS (SELECT FROM "webhooks" WHERE "webhooks"."site" = "webhook_deliveries"."site" AND "webhooks"."id" = "webhook_deliveries"."webhook_id");
--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_site_sites_code_fk" FOREIGN KEY ("site") REFERENCES "sites"("code") ON DELETE CASCADE;
--> statement-breakpoint
ALTER TABLE "calendar_choices" ADD CONSTRAINT "calendar_choices_site_sites_code_fk" FOREIGN KEY ("site") REFERENCES "sites"("code") ON DELETE CASCADE;
--> statement-breakpoint
ALTER TABLE "calendars" ADD CONSTRAINT "calendars_site_sites_code_fk" FOREIGN KEY ("site") REFERENCES "sites"("code") ON DELETE CASCADE;
--> statement-breakpoint
ALTER TABLE "processes" ADD CONSTRAINT "processes_site_sites_code_fk" FOREIGN KEY ("site") REFERENCES "sites"("code") ON DELETE CASCADE;
--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_site_sites_code_fk" FOREIGN KEY ("site") REFERENCES "sites"("code") ON DELETE CASCADE;
--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_site_sites_code_fk" FOREIGN KEY ("site") REFERENCES "sites"("code") ON DELETE CASCADE;
--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE
  -- Whoever is invited is a member before better-auth stores the account, in the same transaction.
  DEFERRABLE INITIALLY DEFERRED;
--> statement-breakpoint
ALTER TABLE "two_factors" ADD CONSTRAINT "two_factors_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;
--> statement-breakpoint
ALTER TABLE "user_accounts" ADD CONSTRAINT "user_accounts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;
--> statement-breakpoint
ALTER TABLE "user_sessions" ADD CONSTRAINT "user_sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;
--> statement-breakpoint
ALTER TABLE "screens" ADD CONSTRAINT "screens_site_sites_code_fk" FOREIGN KEY ("site") REFERENCES "sites"("code") ON DELETE CASCADE;
--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_site_webhook_id_webhooks_site_id_fk" FOREIGN KEY ("site","webhook_id") REFERENCES "webhooks"("site","id") ON DELETE CASCADE;
--> statement-breakpoint
ALTER TABLE "webhooks" ADD CONSTRAINT "webhooks_site_sites_code_fk" FOREIGN KEY ("site") REFERENCES "sites"("code") ON DELETE CASCADE;
