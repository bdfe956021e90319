-- A second wall behind the rights that the server checks: what is read for somebody is read as the role
-- stagewatch_reader, which sees the rows of one site and, of these, what its departments have to do with. Both are
-- settings of the transaction; without them it sees nothing. The owner of the tables is not bound by the policies.
do $$
begin
  create role stagewatch_reader nologin;
exception
  -- Roles belong to the whole cluster: another database of it has the role already.
  when duplicate_object or unique_violation then null;
  -- Then there is no second wall, and `doctor` says so.
  when insufficient_privilege then null;
end
$$;
--> statement-breakpoint
do $$
begin
  if exists (select from pg_roles where rolname = 'stagewatch_reader') then
    if not pg_has_role('stagewatch_reader', 'member') then
      grant stagewatch_reader to current_user;
    end if;
    grant select on orders, visits, events, corrections, changes, stage_hours to stagewatch_reader;
  end if;
exception
  when insufficient_privilege or unique_violation then null;
end
$$;
--> statement-breakpoint
create function stagewatch_in_scope(department text) returns boolean language sql stable as $$
  select current_setting('stagewatch.departments', true) = '*'
    or coalesce(department, '') in (
      select jsonb_array_elements_text(nullif(nullif(current_setting('stagewatch.departments', true), '*'), '')::jsonb)
    )
$$;
--> statement-breakpoint
-- With the rights of the owner, because the policies of orders and visits would ask each other for ever.
create function stagewatch_department_of(in_site text, of_order text) returns text
  language sql stable security definer set search_path = public as $$
  select department from orders where site = in_site and order_id = of_order
$$;
--> statement-breakpoint
alter table orders enable row level security;
--> statement-breakpoint
create policy of_scope on orders for select using (
  site = current_setting('stagewatch.site', true)
  and (stagewatch_in_scope(department) or exists (
    select from visits where visits.site = orders.site and visits.order_id = orders.order_id
  ))
);
--> statement-breakpoint
alter table visits enable row level security;
--> statement-breakpoint
create policy of_scope on visits for select using (
  site = current_setting('stagewatch.site', true)
  and (stagewatch_in_scope(coalesce(department, stagewatch_department_of(site, order_id)))
    or stagewatch_in_scope(stagewatch_department_of(site, order_id)))
);
--> statement-breakpoint
alter table events enable row level security;
--> statement-breakpoint
create policy of_scope on events for select using (
  site = current_setting('stagewatch.site', true)
  and exists (select from orders where orders.site = events.site and orders.order_id = events.order_id)
);
--> statement-breakpoint
alter table corrections enable row level security;
--> statement-breakpoint
create policy of_scope on corrections for select using (
  site = current_setting('stagewatch.site', true)
  and exists (select from orders where orders.site = corrections.site and orders.order_id = corrections.order_id)
);
--> statement-breakpoint
alter table changes enable row level security;
--> statement-breakpoint
create policy of_site on changes for select using (site = current_setting('stagewatch.site', true));
--> statement-breakpoint
alter table stage_hours enable row level security;
--> statement-breakpoint
create policy of_site on stage_hours for select using (
  site = current_setting('stagewatch.site', true) and current_setting('stagewatch.departments', true) = '*'
);
