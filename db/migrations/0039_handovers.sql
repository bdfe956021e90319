CREATE TABLE "handover_notes" (
	"site" text NOT NULL,
	"id" text NOT NULL,
	"department" text NOT NULL,
	"handover_id" bigint,
	"at" timestamp (3) with time zone NOT NULL,
	"text" text NOT NULL,
	"author_id" text,
	"author_name" text NOT NULL,
	CONSTRAINT "handover_notes_site_id_pk" PRIMARY KEY("site","id")
);
--> statement-breakpoint
CREATE TABLE "handover_settings" (
	"site" text NOT NULL,
	"department" text NOT NULL,
	"enabled" boolean NOT NULL,
	"leads" text[] NOT NULL,
	"confirm_within_minutes" integer NOT NULL,
	"enabled_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "handover_settings_site_department_pk" PRIMARY KEY("site","department")
);
--> statement-breakpoint
CREATE TABLE "handovers" (
	"site" text NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "handovers_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"department" text NOT NULL,
	"shift_start" timestamp (3) with time zone NOT NULL,
	"shift_end" timestamp (3) with time zone NOT NULL,
	"next_start" timestamp (3) with time zone,
	"next_end" timestamp (3) with time zone,
	"made_at" timestamp (3) with time zone NOT NULL,
	"content" jsonb NOT NULL,
	"missed" jsonb NOT NULL,
	"from_ids" text[] NOT NULL,
	"told_ids" text[] NOT NULL,
	"confirm_by" timestamp (3) with time zone NOT NULL,
	"confirmed_at" timestamp (3) with time zone,
	"confirmed_by" text,
	"remark" text,
	CONSTRAINT "handovers_site_id_pk" PRIMARY KEY("site","id")
);
--> statement-breakpoint
ALTER TABLE "handover_notes" ADD CONSTRAINT "handover_notes_site_sites_code_fk" FOREIGN KEY ("site") REFERENCES "sites"("code") ON DELETE cascade;--> statement-breakpoint
ALTER TABLE "handover_notes" ADD CONSTRAINT "handover_notes_author_id_users_id_fk" FOREIGN KEY ("author_id") REFERENCES "users"("id") ON DELETE set null;--> statement-breakpoint
ALTER TABLE "handover_notes" ADD CONSTRAINT "handover_notes_site_handover_id_handovers_site_id_fk" FOREIGN KEY ("site","handover_id") REFERENCES "handovers"("site","id") ON DELETE cascade;--> statement-breakpoint
ALTER TABLE "handover_settings" ADD CONSTRAINT "handover_settings_site_sites_code_fk" FOREIGN KEY ("site") REFERENCES "sites"("code") ON DELETE cascade;--> statement-breakpoint
ALTER TABLE "handovers" ADD CONSTRAINT "handovers_site_sites_code_fk" FOREIGN KEY ("site") REFERENCES "sites"("code") ON DELETE cascade;--> statement-breakpoint
CREATE INDEX "handover_notes_of" ON "handover_notes" USING btree ("site","department","handover_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "handovers_once" ON "handovers" USING btree ("site","department","shift_end");--> statement-breakpoint
CREATE INDEX "handovers_list" ON "handovers" USING btree ("site","shift_end","id");--> statement-breakpoint
CREATE INDEX "handovers_open" ON "handovers" USING btree ("site","confirm_by") WHERE confirmed_at is null;--> statement-breakpoint
CREATE INDEX "transitions_began" ON "transitions" USING btree ("site","kind","began_at");
--> statement-breakpoint
do $$
begin
  if exists (select from pg_roles where rolname = 'stagewatch_reader') then
    grant select on handovers, handover_notes to stagewatch_reader;
  end if;
exception
  when insufficient_privilege or unique_violation then null;
end
$$;
--> statement-breakpoint
alter table handovers enable row level security;
--> statement-breakpoint
create policy of_scope on handovers for select using (
  site = stagewatch_read_site()
  and (stagewatch_reads_all() or department = any(stagewatch_read_departments()))
);
--> statement-breakpoint
alter table handover_notes enable row level security;
--> statement-breakpoint
create policy of_scope on handover_notes for select using (
  site = stagewatch_read_site()
  and (stagewatch_reads_all() or department = any(stagewatch_read_departments()))
);
