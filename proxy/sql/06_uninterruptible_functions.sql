-- jsonb_delete(jsonb, text[]) takes quadratic time and cannot be interrupted: 16,000 keys minus 16,000 keys
-- take 0.4 s, a hundred times as many over an hour. The gate cannot tell `jsonb - text[]` from a difference
-- of two dates, so the database has to refuse it. `jsonb - text`, `jsonb - integer` and `#-` remain.
create or replace function private.revoke_uninterruptible_functions() returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
  if not current_setting('is_superuser')::boolean then
    raise notice 'Skipped, needs a superuser: REVOKE EXECUTE on jsonb_delete(jsonb, text[]). Weaker: "jsonb - text[]" on large values cannot be interrupted.';
    return;
  end if;
  if has_function_privilege('authenticated', 'pg_catalog.jsonb_delete(jsonb, text[])', 'execute') then
    revoke execute on function pg_catalog.jsonb_delete(jsonb, text[]) from public;
    grant execute on function pg_catalog.jsonb_delete(jsonb, text[]) to pg_database_owner;
  end if;
end
$$;
revoke all on function private.revoke_uninterruptible_functions() from public;

select private.revoke_uninterruptible_functions();
