ALTER TABLE "quarantine" ADD COLUMN "order_id" text;--> statement-breakpoint
ALTER TABLE "quarantine" ADD COLUMN "source" text;--> statement-breakpoint
ALTER TABLE "quarantine" ADD COLUMN "event_id" text;--> statement-breakpoint
ALTER TABLE "visits" ADD COLUMN "facts" jsonb;--> statement-breakpoint
CREATE INDEX "quarantine_order" ON "quarantine" USING btree ("site","order_id");
--> statement-breakpoint
-- The department that an order belonged to while a visit lasted, which may be another one today.
create function stagewatch_department_during(in_site text, of_order text, facts jsonb) returns text
  language sql stable as $$
  select case when facts is null then stagewatch_department_of(in_site, of_order) else facts ->> 'department' end
$$;
--> statement-breakpoint
drop policy of_scope on visits;
--> statement-breakpoint
create policy of_scope on visits for select using (
  site = current_setting('stagewatch.site', true)
  and (stagewatch_in_scope(coalesce(department, stagewatch_department_during(site, order_id, facts)))
    or stagewatch_in_scope(stagewatch_department_during(site, order_id, facts)))
);
--> statement-breakpoint
-- What a visit is counted under is what was known of the order while it lasted.
create or replace view "bi"."visits" as
SELECT
  v.site,
  v.order_id,
  v.visit_index,
  o.process,
  v.stage,
  v.nth,
  CASE WHEN v.facts IS NULL THEN o.customer ELSE v.facts ->> 'customer' END AS customer,
  CASE WHEN v.facts IS NULL THEN o.product ELSE v.facts ->> 'product' END AS product,
  coalesce(v.department, CASE WHEN v.facts IS NULL THEN o.department ELSE v.facts ->> 'department' END) AS department,
  v.owner,
  v.reason,
  v.entered_at,
  v.started_at,
  v.left_at,
  v.left_at IS NULL AS is_open,
  v.nth > 1 AS is_rework,
  v.cancelled AS is_cancelled,
  CASE WHEN NOT v.cancelled THEN (extract(epoch FROM v.left_at - v.entered_at) * 1000)::bigint END AS dwell_ms,
  greatest(0, extract(epoch FROM coalesce(v.left_at, now()) - v.entered_at) * 1000)::bigint AS elapsed_ms,
  v.held_ms + CASE
    WHEN v.left_at IS NULL AND v.held_since IS NOT NULL
    THEN greatest(0, extract(epoch FROM now() - v.held_since) * 1000)::bigint
    ELSE 0
  END AS held_ms,
  CASE
    WHEN v.started_at IS NOT NULL
    THEN greatest(0, extract(epoch FROM v.started_at - v.entered_at) * 1000)::bigint
  END AS waiting_ms
FROM "visits" v
JOIN "orders" o ON o.site = v.site AND o.order_id = v.order_id
WHERE o.status <> 'void';
