-- What the policies of shared lists ask, and what makes a membership.
--
-- No user can name what is in this schema: it has no USAGE for them. Policies and triggers call it all the
-- same, because Postgres has looked their names up already.
create schema access;
--> statement-breakpoint
revoke all on schema access from public;
--> statement-breakpoint
-- Roles belong to the whole server: another database may have made this one already, or be making it now.
do $$
begin
  if to_regrole('moderator') is null then create role moderator nologin noinherit; end if;
exception
  when duplicate_object or unique_violation then null;
  when insufficient_privilege then
    raise object_not_in_prerequisite_state using message = format(
      '%s may not create roles, and moderator must be made. As a superuser run: CREATE ROLE moderator NOLOGIN NOINHERIT; then migrate again.',
      current_user);
end
$$;
--> statement-breakpoint
-- The user's lists, by what they may do there. A policy of list_members that read list_members would have to
-- apply itself first (42P17, infinite recursion); with the owner's rights these do not. They take no
-- argument, and so tell each user about themselves only. In PL/pgSQL, whose plans last for a session: a
-- function in SQL would be planned again in each statement.
create function access.lists_i_see() returns uuid[]
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
declare
  me constant text := auth.user_id();
begin
  return array(select m.list_id from public.list_members as m where m.user_id = me);
end
$$;
--> statement-breakpoint
create function access.lists_i_edit() returns uuid[]
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
declare
  me constant text := auth.user_id();
begin
  return array(select m.list_id from public.list_members as m where m.user_id = me and m.may_edit);
end
$$;
--> statement-breakpoint
create function access.lists_i_own() returns uuid[]
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
declare
  me constant text := auth.user_id();
begin
  return array(select m.list_id from public.list_members as m where m.user_id = me and m.may_own);
end
$$;
--> statement-breakpoint
-- The user's e-mail address, if their provider has verified it: `email_verified` must be the JSON value true.
-- "C" folds A to Z only. In other collations a K may be the sign for kelvin, and another mailbox.
create function access.my_email() returns text
language plpgsql stable parallel safe security invoker set search_path = pg_catalog, pg_temp
as $$
declare
  claims constant jsonb := auth.session();
begin
  if claims -> 'email_verified' = 'true'::jsonb then
    return lower((claims ->> 'email') collate "C");
  end if;
  return null;
end
$$;
--> statement-breakpoint
-- What the members of a list call the user: by the claims of their token, never by what they send.
create function access.my_name() returns text
language plpgsql stable parallel safe security invoker set search_path = pg_catalog, pg_temp
as $$
begin
  return left(coalesce(nullif(btrim(auth.session() ->> 'name'), ''), access.my_email(), ''), 200);
end
$$;
--> statement-breakpoint
revoke all on function access.lists_i_see(), access.lists_i_edit(), access.lists_i_own(), access.my_email(),
  access.my_name() from public;
--> statement-breakpoint
grant execute on function access.lists_i_see(), access.lists_i_edit(), access.lists_i_own(), access.my_email()
  to authenticated;
--> statement-breakpoint
-- The user who creates a list becomes its first owner.
create function access.make_owner() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
  insert into public.list_members (list_id, user_id, role, name)
  values (new.id, new.created_by, 'owner', access.my_name());
  return null;
end
$$;
--> statement-breakpoint
revoke all on function access.make_owner() from public;
--> statement-breakpoint
-- Refuses a statement that would leave a list without an owner, unless it deletes the list.
create function access.keep_an_owner() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (select from changed where may_own) then
    return null;
  end if;
  -- Two owners who leave at the same moment must not rely on each other. An update in place of a lock,
  -- because that is what fails in a REPEATABLE READ transaction that cannot see the other one's.
  update public.lists set name = name where id in (select list_id from changed where may_own);
  if exists (
    select from public.lists as l
    where l.id in (select list_id from changed where may_own)
      and not exists (select from public.list_members as m where m.list_id = l.id and m.may_own)
  ) then
    raise exception using
      errcode = 'RL001',
      message = 'a list needs an owner',
      hint = 'Make another member an owner first, or delete the list.';
  end if;
  return null;
end
$$;
--> statement-breakpoint
revoke all on function access.keep_an_owner() from public;
--> statement-breakpoint
-- Makes the user a member of the list to which the secret or the invitation belongs. Those who are members
-- already stay what they are: an old link gives nobody a role back that an owner has taken away.
create function access.join_list() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  me constant text := auth.user_id();
  invitation record;
begin
  if new.secret is not null then
    -- Locked, so that nobody joins by a link whose revocation was committed first.
    select l.list_id, l.role into invitation from public.list_links as l
    where l.secret_hash = encode(sha256(convert_to(new.secret, 'UTF8')), 'hex')
    for key share;
  else
    delete from public.list_invitations as i
    where i.id = new.invitation_id and i.email = access.my_email()
    returning i.list_id, i.role into invitation;
  end if;
  -- The same for a secret that never was, one that was revoked, and another person's invitation.
  if me is null or invitation.list_id is null then
    raise exception using
      errcode = 'RL002',
      message = 'this invitation is not valid, or not any more',
      hint = 'Ask an owner of the list for a new one.';
  end if;
  insert into public.list_members (list_id, user_id, role, name)
  values (invitation.list_id, me, invitation.role, access.my_name())
  on conflict (list_id, user_id) do nothing;
  select null, m.list_id, m.role into new.secret, new.list_id, new.role
  from public.list_members as m where m.list_id = invitation.list_id and m.user_id = me;
  return new;
end
$$;
--> statement-breakpoint
revoke all on function access.join_list() from public;
