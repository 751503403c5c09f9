-- The table that the proxy's tests read and write: each user's own memos, and how many of them one may keep.
create table public.memos (
  id uuid primary key default gen_random_uuid(),
  user_id text not null default auth.user_id(),
  body text not null,
  is_archived boolean not null default false,
  inserted_at timestamptz not null default now(),
  constraint memos_body_is_trimmed
    check (body = btrim(body, e' \t\n\r') and char_length(body) between 1 and 500)
);
create index memos_of_user on public.memos (user_id, inserted_at, id);

alter table public.memos enable row level security;
create policy "users see their own memos" on public.memos for select to authenticated
  using ((select auth.user_id()) = user_id);
create policy "users add memos of their own" on public.memos for insert to authenticated
  with check ((select auth.user_id()) = user_id);
create policy "users change their own memos and keep them" on public.memos for update to authenticated
  using ((select auth.user_id()) = user_id) with check ((select auth.user_id()) = user_id);
create policy "users delete their own memos" on public.memos for delete to authenticated
  using ((select auth.user_id()) = user_id);

grant select, insert, delete on public.memos to authenticated;
grant update (body, is_archived) on public.memos to authenticated;
select private.limit_rows('public.memos', 'user_id', 10000);

-- As in a database that drizzle-orm migrates: its list of migrations tells the proxy of changes.
create schema if not exists drizzle;
create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);
