CREATE TABLE "source_hours" (
	"site" text NOT NULL,
	"source" text NOT NULL,
	"hour_at" timestamp (3) with time zone NOT NULL,
	"accepted" integer NOT NULL,
	"duplicate" integer NOT NULL,
	"rejected" integer NOT NULL,
	"lags" integer[] NOT NULL,
	CONSTRAINT "source_hours_site_source_hour_at_pk" PRIMARY KEY("site","source","hour_at")
);
--> statement-breakpoint
ALTER TABLE "source_hours" ADD CONSTRAINT "source_hours_site_sites_code_fk" FOREIGN KEY ("site") REFERENCES "sites"("code") ON DELETE CASCADE;--> statement-breakpoint
CREATE INDEX "source_hours_recent" ON "source_hours" ("hour_at","site");