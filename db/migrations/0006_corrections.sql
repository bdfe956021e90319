CREATE TABLE "corrections" (
	"site" text NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "corrections_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"recorded_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"order_id" text NOT NULL,
	"process" text NOT NULL,
	"events" jsonb NOT NULL,
	"removed" jsonb NOT NULL,
	"added" jsonb NOT NULL,
	CONSTRAINT "corrections_site_id_pk" PRIMARY KEY("site","id")
);
--> statement-breakpoint
CREATE INDEX "corrections_recorded" ON "corrections" USING btree ("site","recorded_at");