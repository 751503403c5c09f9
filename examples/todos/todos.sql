-- The table of todos/schema.ts, for a database in which the proxy is installed; a test compares the two.
create table public.todos (
  id uuid primary key default gen_random_uuid(),
  user_id text not null default auth.user_id(),
  task text not null,
  is_complete boolean not null default false,
  inserted_at timestamptz not null default now(),
  constraint todos_task_length check (char_length(task) between 1 and 500)
);
create index todos_of_user on public.todos (user_id, inserted_at, id);

alter table public.todos enable row level security;
create policy "users see their own todos" on public.todos for select to authenticated
  using ((select auth.user_id()) = user_id);
create policy "users add their own todos" on public.todos for insert to authenticated
  with check ((select auth.user_id()) = user_id);
create policy "users change their own todos" on public.todos for update to authenticated
  using ((select auth.user_id()) = user_id) with check ((select auth.user_id()) = user_id);
create policy "users delete their own todos" on public.todos for delete to authenticated
  using ((select auth.user_id()) = user_id);
grant select, insert, update, delete on public.todos to authenticated;
