CREATE TABLE "audit_cursors" (
	"stream" text PRIMARY KEY NOT NULL,
	"tx" "xid8" DEFAULT '0' NOT NULL,
	"position" bigint DEFAULT -1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_leaves" (
	"stream" text NOT NULL,
	"position" bigint NOT NULL,
	"site" text NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "audit_leaves_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"before" text NOT NULL,
	"after" text NOT NULL,
	"erasure_id" text NOT NULL,
	CONSTRAINT "audit_leaves_stream_position_id_pk" PRIMARY KEY("stream","position","id")
);
--> statement-breakpoint
CREATE TABLE "audit_seals" (
	"site" text NOT NULL,
	"stream" text NOT NULL,
	"seq" integer NOT NULL,
	"positions" "int8multirange" NOT NULL,
	"first_position" bigint NOT NULL,
	"last_position" bigint NOT NULL,
	"row_count" integer NOT NULL,
	"hash" text NOT NULL,
	"sealed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "audit_seals_site_stream_seq_pk" PRIMARY KEY("site","stream","seq")
);
--> statement-breakpoint
CREATE TABLE "erasures" (
	"site" text NOT NULL,
	"id" text NOT NULL,
	"kind" text NOT NULL,
	"name" text,
	"pseudonym" text NOT NULL,
	"reason" text NOT NULL,
	"actor_kind" text NOT NULL,
	"actor" text NOT NULL,
	"requested_at" timestamp (3) with time zone NOT NULL,
	"tx" "xid8" DEFAULT '0' NOT NULL,
	"position" bigint DEFAULT -1 NOT NULL,
	"event_count" integer DEFAULT 0 NOT NULL,
	"row_count" integer DEFAULT 0 NOT NULL,
	"done_at" timestamp (3) with time zone,
	CONSTRAINT "erasures_site_id_pk" PRIMARY KEY("site","id")
);
--> statement-breakpoint
ALTER TABLE "changes" ADD COLUMN "tx" "xid8" DEFAULT pg_current_xact_id() NOT NULL;--> statement-breakpoint
ALTER TABLE "erasures" ADD CONSTRAINT "erasures_site_sites_code_fk" FOREIGN KEY ("site") REFERENCES "sites"("code") ON DELETE cascade;--> statement-breakpoint
CREATE INDEX "audit_leaves_erasure" ON "audit_leaves" USING btree ("erasure_id");--> statement-breakpoint
CREATE INDEX "audit_seals_positions" ON "audit_seals" USING btree ("stream","site","last_position");--> statement-breakpoint
CREATE INDEX "audit_seals_chains" ON "audit_seals" USING btree ("site","stream") WHERE seq = 1;--> statement-breakpoint
CREATE INDEX "changes_log" ON "changes" USING btree ("tx","id");