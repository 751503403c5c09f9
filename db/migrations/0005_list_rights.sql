-- What users may do with lists at all; with whose lists is for the policies.
grant select, insert, delete on public.lists to authenticated;
--> statement-breakpoint
grant update (name) on public.lists to authenticated;
--> statement-breakpoint
-- Nobody adds a member: users join by themselves, through list_joins.
grant select, delete on public.list_members to authenticated;
--> statement-breakpoint
grant update (role) on public.list_members to authenticated;
--> statement-breakpoint
grant select, insert, delete on public.list_links, public.list_invitations, public.reports to authenticated;
--> statement-breakpoint
grant select, insert on public.list_joins to authenticated;
--> statement-breakpoint
grant update (list_id, position, notes, due_on, due_time) on public.todos to authenticated;
--> statement-breakpoint
-- A moderator hides and deletes, and neither adds nor edits. The role inherits nothing: as a moderator,
-- users see not even their own todos.
grant usage on schema public, auth to moderator;
--> statement-breakpoint
grant execute on function auth.user_id(), auth.session() to moderator;
--> statement-breakpoint
grant select, delete on public.todos, public.reports to moderator;
--> statement-breakpoint
grant update (hidden_at) on public.todos to moderator;
--> statement-breakpoint
create trigger make_owner after insert on public.lists
  for each row execute function access.make_owner();
--> statement-breakpoint
create trigger keep_an_owner_update after update on public.list_members
  referencing old table as changed for each statement execute function access.keep_an_owner();
--> statement-breakpoint
create trigger keep_an_owner_delete after delete on public.list_members
  referencing old table as changed for each statement execute function access.keep_an_owner();
--> statement-breakpoint
create trigger join_list instead of insert on public.list_joins
  for each row execute function access.join_list();
--> statement-breakpoint
-- Todos that are there already keep their order.
update public.todos
set position = 'm' || lpad(upper(to_hex((extract(epoch from inserted_at) * 1000000)::bigint)), 13, '0');
--> statement-breakpoint
select private.limit_rows('public.lists', 'created_by', 200),
  private.limit_rows('public.list_members', 'user_id', 500),
  private.limit_rows('public.list_links', 'created_by', 500),
  private.limit_rows('public.list_invitations', 'created_by', 500),
  private.limit_rows('public.reports', 'user_id', 500);
