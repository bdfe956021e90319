CREATE TABLE "import_mappings" (
	"site" text NOT NULL,
	"name" text NOT NULL,
	"mapping" jsonb NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	"changed_by" text NOT NULL,
	CONSTRAINT "import_mappings_site_name_pk" PRIMARY KEY("site","name")
);
--> statement-breakpoint
ALTER TABLE "import_mappings" ADD CONSTRAINT "import_mappings_site_sites_code_fk" FOREIGN KEY ("site") REFERENCES "sites"("code") ON DELETE cascade;