CREATE INDEX "approvals_ended" ON "approvals" USING btree ("site","ended_at") WHERE outcome is not null;--> statement-breakpoint
do $$
begin
  if exists (select from pg_roles where rolname = 'stagewatch_reader') then
    grant select on approvals to stagewatch_reader;
  end if;
exception
  when insufficient_privilege or unique_violation then null;
end
$$;
--> statement-breakpoint
alter table approvals enable row level security;
--> statement-breakpoint
-- An approval without a department belongs to that of its order.
create policy of_scope on approvals for select using (
  site = (select public.stagewatch_read_site()) and (
    (select public.stagewatch_reads_all())
    or department = any ((select public.stagewatch_read_departments())::text[])
    or (department is null and exists (
      select from orders o
      where o.site = approvals.site and o.order_id = approvals.order_id
        and coalesce(o.department, '') = any ((select public.stagewatch_read_departments())::text[])))
  )
);
