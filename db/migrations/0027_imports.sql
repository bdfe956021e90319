CREATE TABLE "imports" (
	"site" text NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "imports_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"file" text NOT NULL,
	"file_hash" text NOT NULL,
	"options" jsonb NOT NULL,
	"actor" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"broken_off" text,
	"rows" integer DEFAULT 0 NOT NULL,
	"accepted" integer DEFAULT 0 NOT NULL,
	"duplicate" integer DEFAULT 0 NOT NULL,
	"rejected" integer DEFAULT 0 NOT NULL,
	"first_tx" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"last_tx" "xid8",
	"undo_started_at" timestamp (3) with time zone,
	"undo_actor" text,
	"undo_reason" text,
	"undone" integer DEFAULT 0 NOT NULL,
	"undone_position" bigint DEFAULT 0 NOT NULL,
	"undo_ended_at" timestamp (3) with time zone,
	CONSTRAINT "imports_site_id_pk" PRIMARY KEY("site","id")
);
--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "import_id" bigint;--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_site_sites_code_fk" FOREIGN KEY ("site") REFERENCES "sites"("code") ON DELETE cascade;--> statement-breakpoint
CREATE INDEX "imports_file" ON "imports" USING btree ("site","file_hash");