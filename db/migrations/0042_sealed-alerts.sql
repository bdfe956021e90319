-- Only sealed settings count: a query of the reader role could set the others itself.
alter policy of_site on alert_rules using (site = (select public.stagewatch_read_site()));
--> statement-breakpoint
alter policy of_scope on alerts using (
  site = (select public.stagewatch_read_site())
  and ((select public.stagewatch_reads_all()) or exists (
    select from visits v
    where v.site = alerts.site and v.order_id = alerts.order_id and v.stage = alerts.stage and v.nth = alerts.nth
  ))
);
--> statement-breakpoint
alter policy of_scope on alert_log using (
  site = (select public.stagewatch_read_site())
  and exists (select from alerts a where a.site = alert_log.site and a.id = alert_log.alert_id)
);
