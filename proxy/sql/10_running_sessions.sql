-- Tells the proxy which of its own sessions Postgres is still at work on, or has not closed.
--
-- The proxy counts a session until Postgres has closed it, and where the network has lost a
-- connection without a word, only Postgres knows. The proxy's login cannot look for itself:
-- 05_dangerous_defaults.sql takes pg_stat_activity from everybody.
--
-- A session that has been idle for a second while the proxy waits for its answer has lost its
-- connection. Without pg_read_all_stats (an owner who is no superuser) the state is hidden, and a
-- session counts for as long as its process is there.
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
