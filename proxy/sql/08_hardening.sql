-- What is made good at every installation, and may be at any time: what a restore into a new database, an
-- upgrade, a new table or a change by hand has opened again, and what an owner was not allowed to do and a
-- superuser is.
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
