CREATE TABLE "absences" (
	"site" text NOT NULL,
	"user_id" text NOT NULL,
	"id" text NOT NULL,
	"from_date" text NOT NULL,
	"to_date" text NOT NULL,
	"from_time" text,
	"to_time" text,
	"kind" text NOT NULL,
	"deputy_id" text,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "absences_site_id_pk" PRIMARY KEY("site","id")
);
--> statement-breakpoint
CREATE TABLE "departments" (
	"site" text NOT NULL,
	"key" text NOT NULL,
	"name" jsonb NOT NULL,
	"aliases" text[] NOT NULL,
	"lead_id" text,
	"archived_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "departments_site_key_pk" PRIMARY KEY("site","key")
);
--> statement-breakpoint
CREATE TABLE "member_settings" (
	"site" text NOT NULL,
	"user_id" text NOT NULL,
	"skills" text[] NOT NULL,
	"calendar" text,
	CONSTRAINT "member_settings_site_user_id_pk" PRIMARY KEY("site","user_id")
);
--> statement-breakpoint
CREATE TABLE "user_profiles" (
	"user_id" text PRIMARY KEY NOT NULL,
	"language" text,
	"time_zone" text,
	"channels" jsonb NOT NULL,
	"quiet_hours" jsonb,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "sites" ADD COLUMN "skills" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "absences" ADD CONSTRAINT "absences_deputy_id_users_id_fk" FOREIGN KEY ("deputy_id") REFERENCES "users"("id") ON DELETE set null;--> statement-breakpoint
ALTER TABLE "absences" ADD CONSTRAINT "absences_site_user_id_memberships_site_user_id_fk" FOREIGN KEY ("site","user_id") REFERENCES "memberships"("site","user_id") ON DELETE cascade;--> statement-breakpoint
ALTER TABLE "departments" ADD CONSTRAINT "departments_site_sites_code_fk" FOREIGN KEY ("site") REFERENCES "sites"("code") ON DELETE cascade;--> statement-breakpoint
ALTER TABLE "departments" ADD CONSTRAINT "departments_lead_id_users_id_fk" FOREIGN KEY ("lead_id") REFERENCES "users"("id") ON DELETE set null;--> statement-breakpoint
ALTER TABLE "member_settings" ADD CONSTRAINT "member_settings_site_user_id_memberships_site_user_id_fk" FOREIGN KEY ("site","user_id") REFERENCES "memberships"("site","user_id") ON DELETE cascade;--> statement-breakpoint
ALTER TABLE "user_profiles" ADD CONSTRAINT "user_profiles_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE cascade;--> statement-breakpoint
CREATE INDEX "absences_member" ON "absences" USING btree ("site","user_id","to_date");--> statement-breakpoint
-- A scope holds for every text of its departments, so whoever looks on is looked up again when these change.
CREATE TRIGGER departments_access AFTER INSERT OR UPDATE OF key, aliases OR DELETE ON departments
  FOR EACH ROW EXECUTE FUNCTION stagewatch_access_changed();
