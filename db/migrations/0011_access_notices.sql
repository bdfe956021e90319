-- Whoever looks on is looked up again when anything changes that says what they may see: by which way it was changed
-- makes no difference. Rows and not statements are told of, because a statement may change nothing.
create function stagewatch_access_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('stagewatch_access', '');
  return null;
end
$$;
--> statement-breakpoint
create trigger memberships_access after insert or update or delete on memberships
  for each row execute function stagewatch_access_changed();
--> statement-breakpoint
create trigger api_keys_access after update or delete on api_keys
  for each row execute function stagewatch_access_changed();
--> statement-breakpoint
create trigger user_sessions_access after delete on user_sessions
  for each row execute function stagewatch_access_changed();
--> statement-breakpoint
create trigger users_access after delete on users
  for each row execute function stagewatch_access_changed();
--> statement-breakpoint
create trigger screens_access after update of settings, revoked_at or delete on screens
  for each row execute function stagewatch_access_changed();
--> statement-breakpoint
create trigger sites_access after update of privacy or delete on sites
  for each row execute function stagewatch_access_changed();
