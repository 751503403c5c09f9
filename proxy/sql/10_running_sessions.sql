-- Tells the proxy which of its own sessions Postgres still works on, or has not closed yet.
--
-- The proxy counts a session until Postgres has closed it. If the network drops a connection silently,
-- only Postgres knows. The proxy's login cannot look itself, because 05_dangerous_defaults.sql revokes
-- pg_stat_activity from everyone.
--
-- A session that has been idle for a second while the proxy waits for its answer has lost its connection.
-- Without pg_read_all_stats (an owner who is no superuser) the state is hidden, and a session counts as
-- long as its process exists.
create or replace function auth.running_sessions(pids integer[]) returns setof integer
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
  select a.pid
  from pg_catalog.pg_stat_activity as a
  where a.pid = any (pids) and a.backend_type = 'client backend'
    and not coalesce(a.state like 'idle%' and a.state_change < clock_timestamp() - interval '1 second', false);
end;
revoke all on function auth.running_sessions(integer[]) from public;
grant execute on function auth.running_sessions(integer[]) to authenticator;
