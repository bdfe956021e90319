CREATE TABLE "audit_archived" (
	"site" text NOT NULL,
	"seq" integer NOT NULL,
	"archive_id" bigint NOT NULL,
	"positions" "int8multirange" NOT NULL,
	"leaves" "bytea" NOT NULL,
	CONSTRAINT "audit_archived_site_seq_archive_id_pk" PRIMARY KEY("site","seq","archive_id")
);
--> statement-breakpoint
CREATE INDEX "audit_archived_archive" ON "audit_archived" USING btree ("site","archive_id");