-- What reporting tools read, see docs/operating/bi-views.md. The tables may change; these columns stay.
CREATE SCHEMA "bi";--> statement-breakpoint
CREATE VIEW "bi"."orders" AS
SELECT
  o.site,
  o.order_id,
  o.process,
  o.status,
  o.customer,
  o.product,
  o.department,
  o.facts ->> 'priority' AS priority,
  (o.facts ->> 'quantity')::double precision AS quantity,
  (o.facts ->> 'amount')::double precision AS amount,
  o.facts ->> 'currency' AS currency,
  CASE WHEN last.left_at IS NULL THEN last.stage END AS stage,
  o.placed_at,
  coalesce(o.placed_at, first.entered_at, o.first_at) AS arrived_at,
  o.promised_at,
  o.ended_at,
  o.status = 'open' AS is_open,
  o.held_since IS NOT NULL AS is_held,
  CASE WHEN o.status = 'completed' THEN o.ended_at <= o.promised_at END AS is_on_time,
  CASE
    WHEN o.status = 'completed'
    THEN greatest(0, extract(epoch FROM o.ended_at - coalesce(o.placed_at, first.entered_at, o.first_at)) * 1000)::bigint
  END AS lead_time_ms,
  o.reopened_count,
  o.complaint_count,
  o.last_progress_at
FROM "orders" o
LEFT JOIN "visits" first ON first.site = o.site AND first.order_id = o.order_id AND first.visit_index = 0
LEFT JOIN LATERAL (
  SELECT v.stage, v.left_at FROM "visits" v
  WHERE v.site = o.site AND v.order_id = o.order_id
  ORDER BY v.visit_index DESC LIMIT 1
) last ON true
WHERE o.status <> 'void';--> statement-breakpoint
CREATE VIEW "bi"."visits" AS
SELECT
  v.site,
  v.order_id,
  v.visit_index,
  o.process,
  v.stage,
  v.nth,
  o.customer,
  o.product,
  coalesce(v.department, o.department) AS department,
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
WHERE o.status <> 'void';--> statement-breakpoint
CREATE VIEW "bi"."stage_hours" AS
SELECT site, process, stage, hour_at, wip_count, overdue_count, missing AS is_missing FROM "stage_hours";
