CREATE TABLE "api_keys" (
	"site" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"scopes" text[] NOT NULL,
	"hash" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "api_keys_site_id_pk" PRIMARY KEY("site","id")
);
--> statement-breakpoint
CREATE TABLE "events" (
	"site" text NOT NULL,
	"source" text NOT NULL,
	"id" text NOT NULL,
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "events_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"tx" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"origin" text NOT NULL,
	"type" text NOT NULL,
	"order_id" text NOT NULL,
	"stage" text,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"actor" text,
	"sequence" bigint,
	"data" jsonb NOT NULL,
	"content_hash" text NOT NULL,
	"recorded_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "events_site_source_id_pk" PRIMARY KEY("site","source","id")
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"site" text NOT NULL,
	"order_id" text NOT NULL,
	"event_count" integer NOT NULL,
	"process" text NOT NULL,
	"status" text NOT NULL,
	"customer" text,
	"product" text,
	"department" text,
	"promised_at" timestamp (3) with time zone,
	"placed_at" timestamp (3) with time zone,
	"first_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"last_progress_at" timestamp (3) with time zone,
	"last_event_at" timestamp (3) with time zone,
	"held_since" timestamp (3) with time zone,
	"facts" jsonb NOT NULL,
	"reopened_count" integer NOT NULL,
	"complaint_count" integer NOT NULL,
	CONSTRAINT "orders_site_order_id_pk" PRIMARY KEY("site","order_id")
);
--> statement-breakpoint
CREATE TABLE "processes" (
	"site" text NOT NULL,
	"code" text NOT NULL,
	"definition" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "processes_site_code_pk" PRIMARY KEY("site","code")
);
--> statement-breakpoint
CREATE TABLE "quarantine" (
	"site" text NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "quarantine_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"received_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"sender" text NOT NULL,
	"code" text NOT NULL,
	"field" text,
	"message" text NOT NULL,
	"raw" text NOT NULL,
	CONSTRAINT "quarantine_site_id_pk" PRIMARY KEY("site","id")
);
--> statement-breakpoint
CREATE TABLE "sites" (
	"code" text PRIMARY KEY NOT NULL,
	"name_zh" text NOT NULL,
	"name_en" text NOT NULL,
	"time_zone" text NOT NULL,
	"sample" boolean DEFAULT false NOT NULL,
	"default_process" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sources" (
	"site" text NOT NULL,
	"source" text NOT NULL,
	"name_zh" text NOT NULL,
	"name_en" text NOT NULL,
	"interval_ms" bigint,
	"last_received_at" timestamp (3) with time zone,
	"stages" text[] DEFAULT '{}' NOT NULL,
	CONSTRAINT "sources_site_source_pk" PRIMARY KEY("site","source")
);
--> statement-breakpoint
CREATE TABLE "stage_hours" (
	"site" text NOT NULL,
	"process" text NOT NULL,
	"stage" text NOT NULL,
	"hour_at" timestamp (3) with time zone NOT NULL,
	"wip_count" integer NOT NULL,
	"overdue_count" integer NOT NULL,
	"missing" boolean NOT NULL,
	CONSTRAINT "stage_hours_site_process_stage_hour_at_pk" PRIMARY KEY("site","process","stage","hour_at")
);
--> statement-breakpoint
CREATE TABLE "visits" (
	"site" text NOT NULL,
	"order_id" text NOT NULL,
	"visit_index" integer NOT NULL,
	"stage" text NOT NULL,
	"nth" integer NOT NULL,
	"entered_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone,
	"left_at" timestamp (3) with time zone,
	"held_ms" bigint NOT NULL,
	"held_since" timestamp (3) with time zone,
	"cancelled" boolean NOT NULL,
	"owner" text,
	"department" text,
	"reason" text,
	CONSTRAINT "visits_site_order_id_visit_index_pk" PRIMARY KEY("site","order_id","visit_index")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_hash" ON "api_keys" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "events_order" ON "events" USING btree ("site","order_id");--> statement-breakpoint
CREATE INDEX "events_log" ON "events" USING btree ("tx","position");