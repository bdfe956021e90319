ALTER TABLE "orders" ADD COLUMN "held_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "visits" ADD COLUMN "acknowledged" jsonb;
--> statement-breakpoint
-- Time alone ends a hold that has an end, and no row changes by that.
CREATE OR REPLACE VIEW "bi"."orders" AS
SELECT
  o.site,
  o.order_id,
  o.process,
  o.status,
  CASE WHEN s.privacy ->> 'customers' IS DISTINCT FROM 'masked' THEN o.customer END AS customer,
  o.product,
  o.department,
  o.attributes ->> 'priority' AS priority,
  (o.attributes ->> 'quantity')::double precision AS quantity,
  CASE WHEN s.privacy ->> 'amounts' IS DISTINCT FROM 'hidden' THEN (o.attributes ->> 'amount')::double precision END
    AS amount,
  CASE WHEN s.privacy ->> 'amounts' IS DISTINCT FROM 'hidden' THEN o.attributes ->> 'currency' END AS currency,
  CASE WHEN last.left_at IS NULL THEN last.stage END AS stage,
  o.placed_at,
  coalesce(o.placed_at, first.entered_at, o.first_at) AS arrived_at,
  o.promised_at,
  o.ended_at,
  o.status = 'open' AS is_open,
  o.held_since IS NOT NULL AND (o.held_until IS NULL OR o.held_until > now()) AS is_held,
  CASE WHEN o.status = 'completed' THEN o.ended_at <= o.promised_at END AS is_on_time,
  CASE
    WHEN o.status = 'completed'
    THEN greatest(0, extract(epoch FROM o.ended_at - coalesce(o.placed_at, first.entered_at, o.first_at)) * 1000)::bigint
  END AS lead_time_ms,
  o.reopened_count,
  o.complaint_count,
  greatest(o.last_progress_at, CASE WHEN o.held_until <= now() THEN o.held_until END)::timestamp(3) with time zone
    AS last_progress_at,
  CASE WHEN o.held_until > now() THEN o.held_until END AS held_until
FROM "orders" o
JOIN "sites" s ON s.code = o.site
LEFT JOIN "visits" first ON first.site = o.site AND first.order_id = o.order_id AND first.visit_index = 0
LEFT JOIN LATERAL (
  SELECT v.stage, v.left_at FROM "visits" v
  WHERE v.site = o.site AND v.order_id = o.order_id
  ORDER BY v.visit_index DESC LIMIT 1
) last ON true
WHERE o.status <> 'void';
--> statement-breakpoint
CREATE OR REPLACE VIEW "bi"."visits" AS
SELECT
  v.site,
  v.order_id,
  v.visit_index,
  o.process,
  v.stage,
  v.nth,
  CASE WHEN s.privacy ->> 'customers' IS DISTINCT FROM 'masked' THEN
    CASE WHEN v.attributes IS NULL THEN o.customer ELSE v.attributes ->> 'customer' END
  END AS customer,
  CASE WHEN v.attributes IS NULL THEN o.product ELSE v.attributes ->> 'product' END AS product,
  coalesce(v.department, CASE WHEN v.attributes IS NULL THEN o.department ELSE v.attributes ->> 'department' END) AS department,
  CASE WHEN s.privacy ->> 'people' IS DISTINCT FROM 'team' THEN v.owner END AS owner,
  CASE
    WHEN s.privacy ->> 'people' IS DISTINCT FROM 'team' AND s.privacy ->> 'customers' IS DISTINCT FROM 'masked'
    THEN v.reason
  END AS reason,
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
    THEN greatest(0, extract(epoch FROM least(now(), o.held_until) - v.held_since) * 1000)::bigint
    ELSE 0
  END AS held_ms,
  CASE
    WHEN v.started_at IS NOT NULL
    THEN greatest(0, extract(epoch FROM v.started_at - v.entered_at) * 1000)::bigint
  END AS waiting_ms
FROM "visits" v
JOIN "orders" o ON o.site = v.site AND o.order_id = v.order_id
JOIN "sites" s ON s.code = v.site
WHERE o.status <> 'void';
