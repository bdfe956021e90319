CREATE TABLE "attempts" (
	"key" text PRIMARY KEY NOT NULL,
	"count" integer NOT NULL,
	"blocked_until" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "used_codes" (
	"hash" text PRIMARY KEY NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "sources" text[];--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "key_id" text;--> statement-breakpoint
ALTER TABLE "invitations" ADD COLUMN "mailed_hash" text;--> statement-breakpoint
ALTER TABLE "user_sessions" ADD COLUMN "authenticated_at" timestamp (3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "disabled_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "attempts_expires" ON "attempts" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_mailed_hash" ON "invitations" USING btree ("mailed_hash");--> statement-breakpoint
-- Until now every account counted as verified, also one whose invitation had been handed on by its inviter. Whoever
-- came through the single sign-on provider was verified by it.
update users set email_verified = false
  where not fictional and not exists (select from user_accounts a where a.user_id = users.id and a.provider_id <> 'credential');
--> statement-breakpoint
update user_sessions set authenticated_at = created_at;
