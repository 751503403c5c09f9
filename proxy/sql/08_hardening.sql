-- Runs at every installation, and can be run at any time. It closes what a restore into a new database, an
-- upgrade, a new table or a change by hand has opened again, and does what a former run lacked the rights
-- for.
create or replace function private.harden() returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
  perform private.revoke_dangerous_defaults();
  perform private.revoke_uninterruptible_functions();
  perform private.forget_column_values();
end
$$;
revoke all on function private.harden() from public;
