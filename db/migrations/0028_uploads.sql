CREATE TABLE "uploads" (
	"site" text NOT NULL,
	"id" text NOT NULL,
	"sender_kind" text NOT NULL,
	"sender" text NOT NULL,
	"file" text NOT NULL,
	"bytes" bigint NOT NULL,
	"hash" text,
	"host" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"last_check" jsonb,
	"instance" text,
	"alive_at" timestamp (3) with time zone,
	"progress" jsonb,
	"report" jsonb,
	"stopping" boolean DEFAULT false NOT NULL,
	CONSTRAINT "uploads_site_id_pk" PRIMARY KEY("site","id")
);
--> statement-breakpoint
ALTER TABLE "imports" ADD COLUMN "instance" text;--> statement-breakpoint
ALTER TABLE "imports" ADD COLUMN "alive_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "imports" ADD COLUMN "progress" jsonb;--> statement-breakpoint
ALTER TABLE "imports" ADD COLUMN "report" jsonb;--> statement-breakpoint
ALTER TABLE "imports" ADD COLUMN "upload" text;--> statement-breakpoint
ALTER TABLE "imports" ADD COLUMN "stopping" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_site_sites_code_fk" FOREIGN KEY ("site") REFERENCES "sites"("code") ON DELETE cascade;--> statement-breakpoint
CREATE INDEX "uploads_expired" ON "uploads" USING btree ("expires_at");