CREATE TABLE "installed_versions" (
	"version" text PRIMARY KEY NOT NULL,
	"first_started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"newest_migration" bigint NOT NULL,
	"oldest_compatible" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "page_files" (
	"name" text PRIMARY KEY NOT NULL,
	"content" "bytea" NOT NULL,
	"served_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "server_instances" (
	"id" text PRIMARY KEY NOT NULL,
	"version" text NOT NULL,
	"newest_migration" bigint NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"stopped_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE INDEX "page_files_served_at" ON "page_files" USING btree ("served_at");