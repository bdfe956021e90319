-- Of activities that went on at the same time, only the last one was kept while it was open: their orders are folded again
-- at the start.
update sites set rebuild_version = rules_version
where exists (select from events where events.site = sites.code and events.data @> '{"concurrent": true}');
