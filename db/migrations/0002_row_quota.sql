-- How many todos one user may own. (proxy/sql/09_row_quota.sql says how they are counted; `npm run
-- db:migrate` does the same for every quota that db/schema.ts declares.)
select private.limit_rows('public.todos', 'user_id', 10000);
--> statement-breakpoint
-- From here on migrations tell the proxy that the schema has changed, whichever tool applies them.
select private.watch_migrations();
