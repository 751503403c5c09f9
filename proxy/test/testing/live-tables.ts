/** For tests of live queries: notes that one user owns, and rooms whose members share messages. */

export const NOTES = `
  create table notes (
    id int primary key generated always as identity,
    user_id text not null default auth.user_id(),
    body text not null
  );
  create index on notes (user_id);
  alter table notes enable row level security;
  create policy own on notes to authenticated
    using ((select auth.user_id()) = user_id) with check ((select auth.user_id()) = user_id);
  grant select, insert, update, delete on notes to authenticated;
  grant usage on sequence notes_id_seq to authenticated;
  select private.watch_rows('notes', array['user_id'], array[null]);`

const MY_ROOMS = 'select room_id from room_members where user_id = (select auth.user_id())'

/** As the lists in README.md, "Shared lists": a member reads the messages and the members of a room. */
export const ROOMS = `
  create table rooms (id int primary key, owner_id text not null default auth.user_id());
  create table room_members (
    room_id int not null references rooms on delete cascade,
    user_id text not null,
    primary key (user_id, room_id)
  );
  create table messages (
    id int primary key generated always as identity,
    room_id int not null references rooms on delete cascade,
    body text not null
  );
  create index on messages (room_id);
  create index on room_members (room_id);
  alter table rooms enable row level security;
  alter table room_members enable row level security;
  alter table messages enable row level security;
  create function my_rooms() returns setof int language sql stable security definer set search_path = ''
    begin atomic select room_id from public.room_members where user_id = (select auth.user_id()); end;
  revoke execute on function my_rooms() from public;
  grant execute on function my_rooms() to authenticated;
  create policy members on rooms for select to authenticated using (id in (select my_rooms()));
  create policy members on room_members for select to authenticated using (room_id in (select my_rooms()));
  create policy members on messages to authenticated
    using (room_id in (select my_rooms())) with check (room_id in (select my_rooms()));
  grant select on rooms, room_members to authenticated;
  grant select, insert, update, delete on messages to authenticated;
  select private.watch_rows('rooms', array['id', 'owner_id'], array['${MY_ROOMS}', null]);
  select private.watch_rows('room_members', array['room_id', 'user_id'], array['${MY_ROOMS}', null]);
  select private.watch_rows('messages', array['room_id'], array['${MY_ROOMS}']);`
