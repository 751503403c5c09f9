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
  -- A list of theirs that nobody else may edit ends with them.
  delete from public.lists as l
  where exists (
      select from public.list_members as m
      where m.list_id = l.id and m.user_id = erased and m.may_own
    )
    and not exists (
      select from public.list_members as m
      where m.list_id = l.id and m.user_id <> erased and m.may_edit
    );
  -- Any other goes on with an owner: one that it has, or else the member who may edit it for the longest.
  update public.list_members as m set role = 'owner'
  from (
    select distinct on (other.list_id) other.list_id, other.user_id
    from public.list_members as mine
    join public.list_members as other using (list_id)
    where mine.user_id = erased and mine.may_own and other.user_id <> erased and other.may_edit
    order by other.list_id, other.may_own desc, other.joined_at, other.user_id
  ) as heir
  where m.list_id = heir.list_id and m.user_id = heir.user_id and not m.may_own;
  delete from public.list_members as m where m.user_id = erased;
  update public.lists as l set created_by = (
    select m.user_id from public.list_members as m
    where m.list_id = l.id and m.may_own order by m.joined_at, m.user_id limit 1
  )
  where l.created_by = erased;
  -- What they wrote in lists of others goes too, and so does every way in that they opened.
  delete from public.todos as t where t.user_id = erased;
  delete from public.list_links as k where k.created_by = erased;
  delete from public.list_invitations as i where i.created_by = erased;
  delete from public.reports as r where r.user_id = erased;
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
