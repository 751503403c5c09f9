-- What signed-in users may do with todos at all; whose todos is for the policies. `anonymous` gets
-- nothing.
grant select, insert, delete on public.todos to authenticated;
--> statement-breakpoint
-- Nobody gives a todo away or moves it in time. (For INSERT the same would be too strict: Drizzle
-- names every column and writes DEFAULT, which Postgres refuses for a column without the right to
-- it. There the policy alone decides about user_id.)
grant update (task, is_complete) on public.todos to authenticated;
