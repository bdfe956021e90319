CREATE TABLE "alert_log" (
	"site" text NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "alert_log_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"alert_id" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"kind" text NOT NULL,
	"by" text,
	"recipients" text[],
	"until" timestamp (3) with time zone,
	CONSTRAINT "alert_log_site_id_pk" PRIMARY KEY("site","id")
);
--> statement-breakpoint
CREATE TABLE "alert_notices" (
	"site" text NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "alert_notices_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"alert_id" bigint NOT NULL,
	"receiver" text NOT NULL,
	"round" integer NOT NULL,
	"step" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"told_at" timestamp (3) with time zone,
	"message_key" text,
	CONSTRAINT "alert_notices_site_id_pk" PRIMARY KEY("site","id")
);
--> statement-breakpoint
CREATE TABLE "alert_rules" (
	"site" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"severity" text NOT NULL,
	"enabled" boolean NOT NULL,
	"condition" jsonb NOT NULL,
	"scope" jsonb NOT NULL,
	"ladder" jsonb NOT NULL,
	"acknowledged_for_ms" bigint NOT NULL,
	"merge_ms" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"active_from" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "alert_rules_site_id_pk" PRIMARY KEY("site","id")
);
--> statement-breakpoint
CREATE TABLE "alerts" (
	"site" text NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "alerts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"rule_id" text NOT NULL,
	"process" text DEFAULT '' NOT NULL,
	"order_id" text DEFAULT '' NOT NULL,
	"stage" text DEFAULT '' NOT NULL,
	"nth" integer DEFAULT 0 NOT NULL,
	"source" text DEFAULT '' NOT NULL,
	"began_at" timestamp (3) with time zone NOT NULL,
	"noted_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"is_silent" boolean DEFAULT false NOT NULL,
	"is_unknown" boolean DEFAULT false NOT NULL,
	"counts_from" timestamp (3) with time zone NOT NULL,
	"skipped_ms" bigint DEFAULT 0 NOT NULL,
	"steps_done" integer DEFAULT 0 NOT NULL,
	"round" integer DEFAULT 1 NOT NULL,
	"acknowledged_at" timestamp (3) with time zone,
	"acknowledged_until" timestamp (3) with time zone,
	"acknowledged_by" text,
	"snoozed_until" timestamp (3) with time zone,
	"revision" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp (3) with time zone,
	CONSTRAINT "alerts_site_id_pk" PRIMARY KEY("site","id")
);
--> statement-breakpoint
ALTER TABLE "alert_log" ADD CONSTRAINT "alert_log_site_alert_id_alerts_site_id_fk" FOREIGN KEY ("site","alert_id") REFERENCES "alerts"("site","id") ON DELETE cascade;--> statement-breakpoint
ALTER TABLE "alert_notices" ADD CONSTRAINT "alert_notices_site_alert_id_alerts_site_id_fk" FOREIGN KEY ("site","alert_id") REFERENCES "alerts"("site","id") ON DELETE cascade;--> statement-breakpoint
ALTER TABLE "alert_rules" ADD CONSTRAINT "alert_rules_site_sites_code_fk" FOREIGN KEY ("site") REFERENCES "sites"("code") ON DELETE cascade;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_site_rule_id_alert_rules_site_id_fk" FOREIGN KEY ("site","rule_id") REFERENCES "alert_rules"("site","id") ON DELETE cascade;--> statement-breakpoint
CREATE INDEX "alert_log_alert" ON "alert_log" USING btree ("site","alert_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "alert_notices_once" ON "alert_notices" USING btree ("site","alert_id","receiver","round","step");--> statement-breakpoint
CREATE INDEX "alert_notices_waiting" ON "alert_notices" USING btree ("site","receiver") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "alert_notices_told" ON "alert_notices" USING btree ("site","receiver","told_at") WHERE state = 'told';--> statement-breakpoint
CREATE UNIQUE INDEX "alerts_once" ON "alerts" USING btree ("site","rule_id","order_id","process","stage","nth","source","began_at");--> statement-breakpoint
CREATE UNIQUE INDEX "alerts_open" ON "alerts" USING btree ("site","rule_id","order_id","process","stage","nth","source") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "alerts_list" ON "alerts" USING btree ("site","began_at","id");--> statement-breakpoint
CREATE INDEX "alerts_order" ON "alerts" USING btree ("site","order_id") WHERE order_id <> '';--> statement-breakpoint
do $$
begin
  if exists (select from pg_roles where rolname = 'stagewatch_reader') then
    grant select on alert_rules, alerts, alert_log to stagewatch_reader;
  end if;
exception
  when insufficient_privilege or unique_violation then null;
end
$$;
--> statement-breakpoint
alter table alert_rules enable row level security;
--> statement-breakpoint
create policy of_site on alert_rules for select using (site = current_setting('stagewatch.site', true));
--> statement-breakpoint
alter table alerts enable row level security;
--> statement-breakpoint
-- What is about no single order is for those who see all departments.
create policy of_scope on alerts for select using (
  site = current_setting('stagewatch.site', true)
  and (current_setting('stagewatch.departments', true) = '*' or exists (
    select from visits v
    where v.site = alerts.site and v.order_id = alerts.order_id and v.stage = alerts.stage and v.nth = alerts.nth
  ))
);
--> statement-breakpoint
alter table alert_log enable row level security;
--> statement-breakpoint
create policy of_scope on alert_log for select using (
  site = current_setting('stagewatch.site', true)
  and exists (select from alerts a where a.site = alert_log.site and a.id = alert_log.alert_id)
);
