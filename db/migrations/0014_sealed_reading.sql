CREATE TABLE "reader_seals" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"secret" text NOT NULL
);
--> statement-breakpoint
-- Two random UUIDs: 244 bits.
INSERT INTO "reader_seals" ("secret") VALUES (replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''));
--> statement-breakpoint
-- A reading transaction says its site and departments in settings, which any role may set. The seal is a MAC of both
-- under a secret that only the owner of the tables knows: settings without their seal are those of nobody.
CREATE FUNCTION "stagewatch_seal"(in_site text, in_departments text) RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT encode(sha256(convert_to(secret || encode(sha256(convert_to(
    secret || length(in_site) || ':' || in_site || in_departments, 'UTF8')), 'hex'), 'UTF8')), 'hex')
  FROM public.reader_seals WHERE id = 1
$$;
--> statement-breakpoint
-- The site that is read; null where nothing is, or where the seal is of other settings.
CREATE FUNCTION "stagewatch_read_site"() RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT current_setting('stagewatch.site', true) WHERE current_setting('stagewatch.seal', true)
    = public.stagewatch_seal(current_setting('stagewatch.site', true), current_setting('stagewatch.departments', true))
$$;
--> statement-breakpoint
CREATE FUNCTION "stagewatch_reads_all"() RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT public.stagewatch_read_site() IS NOT NULL AND current_setting('stagewatch.departments', true) = '*'
$$;
--> statement-breakpoint
-- The departments that are read; empty where all are.
CREATE FUNCTION "stagewatch_read_departments"() RETURNS text[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN public.stagewatch_read_site() IS NULL OR current_setting('stagewatch.departments', true) = '*'
    THEN '{}'::text[]
    ELSE ARRAY(SELECT jsonb_array_elements_text(current_setting('stagewatch.departments', true)::jsonb)) END
$$;
--> statement-breakpoint
-- Whether the order belongs to a department that is read. With the rights of the owner, because the policies of orders
-- and visits would ask each other for ever; it tells nothing that those who call it do not see.
CREATE FUNCTION "stagewatch_reads_order"(in_site text, of_order text) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM public.orders WHERE site = in_site AND site = public.stagewatch_read_site()
    AND order_id = of_order AND coalesce(department, '') = ANY (public.stagewatch_read_departments()))
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "stagewatch_seal"(text, text), "stagewatch_read_site"(), "stagewatch_reads_all"(),
  "stagewatch_read_departments"(), "stagewatch_reads_order"(text, text) FROM PUBLIC;
--> statement-breakpoint
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'stagewatch_reader') THEN
    GRANT EXECUTE ON FUNCTION stagewatch_read_site(), stagewatch_reads_all(), stagewatch_read_departments(),
      stagewatch_reads_order(text, text) TO stagewatch_reader;
  END IF;
END
$$;
--> statement-breakpoint
-- In subqueries of their own the functions are asked once a query and not once a row.
ALTER POLICY "of_scope" ON "orders" USING (
  site = (SELECT public.stagewatch_read_site()) AND (
    (SELECT public.stagewatch_reads_all())
    OR coalesce(department, '') = ANY ((SELECT public.stagewatch_read_departments())::text[])
    OR EXISTS (SELECT FROM public.visits WHERE visits.site = orders.site AND visits.order_id = orders.order_id)
  )
);
--> statement-breakpoint
ALTER POLICY "of_scope" ON "visits" USING (
  site = (SELECT public.stagewatch_read_site()) AND (
    (SELECT public.stagewatch_reads_all())
    OR department = ANY ((SELECT public.stagewatch_read_departments())::text[])
    OR CASE WHEN facts IS NULL THEN public.stagewatch_reads_order(site, order_id)
      ELSE coalesce(facts ->> 'department', '') = ANY ((SELECT public.stagewatch_read_departments())::text[]) END
  )
);
--> statement-breakpoint
ALTER POLICY "of_scope" ON "events" USING (
  site = (SELECT public.stagewatch_read_site())
  AND EXISTS (SELECT FROM public.orders WHERE orders.site = events.site AND orders.order_id = events.order_id)
);
--> statement-breakpoint
ALTER POLICY "of_scope" ON "corrections" USING (
  site = (SELECT public.stagewatch_read_site())
  AND EXISTS (SELECT FROM public.orders WHERE orders.site = corrections.site AND orders.order_id = corrections.order_id)
);
--> statement-breakpoint
-- Departments see what moved the limits of their orders: changes of rules, not of people, keys, screens or privacy.
ALTER POLICY "of_site" ON "changes" USING (
  site = (SELECT public.stagewatch_read_site()) AND (
    (SELECT public.stagewatch_reads_all()) OR action IN ('process.saved', 'calendar.saved', 'calendars.chosen')
  )
);
--> statement-breakpoint
ALTER POLICY "of_site" ON "stage_hours" USING (
  site = (SELECT public.stagewatch_read_site()) AND (SELECT public.stagewatch_reads_all())
);
--> statement-breakpoint
DROP FUNCTION "stagewatch_department_during"(text, text, jsonb);
--> statement-breakpoint
DROP FUNCTION "stagewatch_department_of"(text, text);
--> statement-breakpoint
DROP FUNCTION "stagewatch_in_scope"(text);
--> statement-breakpoint
-- Reporting tools read what the site keeps from nobody. Where customers are masked they are left out here, because a
-- report would tell apart by the beginning of their names; free text may repeat any name.
CREATE OR REPLACE VIEW "bi"."orders" AS
SELECT
  o.site,
  o.order_id,
  o.process,
  o.status,
  CASE WHEN s.privacy ->> 'customers' IS DISTINCT FROM 'masked' THEN o.customer END AS customer,
  o.product,
  o.department,
  o.facts ->> 'priority' AS priority,
  (o.facts ->> 'quantity')::double precision AS quantity,
  CASE WHEN s.privacy ->> 'amounts' IS DISTINCT FROM 'hidden' THEN (o.facts ->> 'amount')::double precision END
    AS amount,
  CASE WHEN s.privacy ->> 'amounts' IS DISTINCT FROM 'hidden' THEN o.facts ->> 'currency' END AS currency,
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
    CASE WHEN v.facts IS NULL THEN o.customer ELSE v.facts ->> 'customer' END
  END AS customer,
  CASE WHEN v.facts IS NULL THEN o.product ELSE v.facts ->> 'product' END AS product,
  coalesce(v.department, CASE WHEN v.facts IS NULL THEN o.department ELSE v.facts ->> 'department' END) AS department,
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
    THEN greatest(0, extract(epoch FROM now() - v.held_since) * 1000)::bigint
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
