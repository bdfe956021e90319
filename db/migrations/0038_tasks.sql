CREATE TABLE "task_entries" (
	"site" text NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "task_entries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"task_id" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"kind" text NOT NULL,
	"by" text,
	"from_state" text,
	"to_state" text,
	"target" text,
	"text" text,
	"until" timestamp (3) with time zone,
	"took_ms" bigint,
	CONSTRAINT "task_entries_site_id_pk" PRIMARY KEY("site","id")
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"site" text NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "tasks_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"request_id" text,
	"title" text NOT NULL,
	"order_id" text DEFAULT '' NOT NULL,
	"process" text DEFAULT '' NOT NULL,
	"stage" text DEFAULT '' NOT NULL,
	"alert_id" bigint,
	"alert_ended_at" timestamp (3) with time zone,
	"department" text DEFAULT '' NOT NULL,
	"skill" text,
	"state" text NOT NULL,
	"state_since" timestamp (3) with time zone NOT NULL,
	"assignee_id" text,
	"assigned_at" timestamp (3) with time zone,
	"assign_reason" text,
	"confirmed_at" timestamp (3) with time zone,
	"hand_over" jsonb,
	"waiting_for" text,
	"next_update_at" timestamp (3) with time zone,
	"done_by_id" text,
	"closed_at" timestamp (3) with time zone,
	"sent_back_count" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by" text,
	"revision" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "tasks_site_id_pk" PRIMARY KEY("site","id")
);
--> statement-breakpoint
ALTER TABLE "sites" ADD COLUMN "task_rules" jsonb;--> statement-breakpoint
ALTER TABLE "alert_rules" ADD COLUMN "makes_task" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "task_entries" ADD CONSTRAINT "task_entries_site_task_id_tasks_site_id_fk" FOREIGN KEY ("site","task_id") REFERENCES "tasks"("site","id") ON DELETE cascade;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_site_sites_code_fk" FOREIGN KEY ("site") REFERENCES "sites"("code") ON DELETE cascade;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_assignee_id_users_id_fk" FOREIGN KEY ("assignee_id") REFERENCES "users"("id") ON DELETE set null;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_done_by_id_users_id_fk" FOREIGN KEY ("done_by_id") REFERENCES "users"("id") ON DELETE set null;--> statement-breakpoint
CREATE INDEX "task_entries_task" ON "task_entries" USING btree ("site","task_id","id");--> statement-breakpoint
CREATE INDEX "task_entries_sent_back" ON "task_entries" USING btree ("site","at") WHERE kind = 'sendBack';--> statement-breakpoint
CREATE UNIQUE INDEX "tasks_request" ON "tasks" USING btree ("site","request_id");--> statement-breakpoint
CREATE UNIQUE INDEX "tasks_alert" ON "tasks" USING btree ("site","alert_id") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "tasks_open" ON "tasks" USING btree ("site","created_at") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "tasks_order" ON "tasks" USING btree ("site","order_id") WHERE order_id <> '';--> statement-breakpoint
CREATE INDEX "tasks_closed" ON "tasks" USING btree ("site","closed_at") WHERE closed_at is not null;--> statement-breakpoint
CREATE INDEX "tasks_confirmed" ON "tasks" USING btree ("site","confirmed_at");--> statement-breakpoint
CREATE INDEX "tasks_assigned" ON "tasks" USING btree ("site","assignee_id","assigned_at");--> statement-breakpoint
do $$
begin
  if exists (select from pg_roles where rolname = 'stagewatch_reader') then
    grant select on tasks, task_entries to stagewatch_reader;
  end if;
exception
  when insufficient_privilege or unique_violation then null;
end
$$;
--> statement-breakpoint
alter table tasks enable row level security;
--> statement-breakpoint
-- Also those that are offered to a department.
create policy of_scope on tasks for select using (
  site = (select public.stagewatch_read_site()) and (
    (select public.stagewatch_reads_all())
    or department = any ((select public.stagewatch_read_departments())::text[])
    or hand_over ->> 'department' = any ((select public.stagewatch_read_departments())::text[])
  )
);
--> statement-breakpoint
alter table task_entries enable row level security;
--> statement-breakpoint
create policy of_scope on task_entries for select using (
  site = (select public.stagewatch_read_site())
  and exists (select from tasks t where t.site = task_entries.site and t.id = task_entries.task_id)
);
