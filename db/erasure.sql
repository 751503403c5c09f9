-- Deletes what a user who is gone has left. Only the role `eraser` may call it, and that role may do nothing
-- else: whoever has its password can delete rows of a user whose id they know, and read none.
--
-- This file runs at every `npm run db:migrate`. A new table with a column for a user gets a line here;
-- db/erasure.test.ts finds a table that has been forgotten.
create schema if not exists erasure;
revoke all on schema erasure from public;

-- Roles belong to the whole server: another database may have made this one already, or be making it now.
-- Without a password nobody can log in; the end of the migration sets it where there is one to set.
do $$
begin
  if to_regrole('eraser') is null then create role eraser nologin noinherit; end if;
exception
  when duplicate_object or unique_violation then null;
  when insufficient_privilege then
    raise notice 'Skipped, not allowed to create the role eraser: accounts cannot be deleted.';
end
$$;

create or replace function erasure.erase_user(erased text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
  delete from public.todos as t where t.user_id = erased;
  -- What row quotas have counted.
  delete from private.row_counts as c where c.owner = erased and c.row_count = 0;
end
$$;
revoke all on function erasure.erase_user(text) from public;

do $$
begin
  if to_regrole('eraser') is not null then
    grant usage on schema erasure to eraser;
    grant execute on function erasure.erase_user(text) to eraser;
  end if;
end
$$;
