CREATE VIEW "public"."list_previews" AS (select null::text as secret, null::text as name, null::text as role, null::text as owner_name where false);--> statement-breakpoint
-- Whoever has the secret of a link may join and see all of the list, so this tells them no more than they may know.
create function access.preview_list() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  found record;
begin
  select l.name, k.role,
    (select m.name from public.list_members as m where m.list_id = l.id and m.may_own
     order by m.joined_at, m.user_id limit 1) as owner_name
  into found
  from public.list_links as k join public.lists as l on l.id = k.list_id
  where k.secret_hash = encode(sha256(convert_to(new.secret, 'UTF8')), 'hex');
  -- As access.join_list() says it.
  if auth.user_id() is null or found.name is null then
    raise exception using
      errcode = 'RL002',
      message = 'this invitation is not valid, or not any more',
      hint = 'Ask an owner of the list for a new one.';
  end if;
  select null, found.name, found.role, found.owner_name
  into new.secret, new.name, new.role, new.owner_name;
  return new;
end
$$;
--> statement-breakpoint
revoke all on function access.preview_list() from public;
--> statement-breakpoint
create trigger preview_list instead of insert on public.list_previews
  for each row execute function access.preview_list();
--> statement-breakpoint
grant select, insert on public.list_previews to authenticated;
