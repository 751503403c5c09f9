-- The three roles of a request: `authenticator` logs in and can only become one of the other two, for one
-- transaction at a time; `authenticated` is a user with a valid token, `anonymous` anyone else.
--
-- Roles belong to the whole server, so a database cannot record that they exist: this file runs at every
-- installation. Another database may have created them already, or be creating them right now; each step
-- allows for both.
do $$
declare
  unsafe text;
begin
  begin
    if to_regrole('authenticated') is null then create role authenticated nologin noinherit; end if;
  exception when duplicate_object or unique_violation then null;
  end;
  begin
    if to_regrole('anonymous') is null then create role anonymous nologin noinherit; end if;
  exception when duplicate_object or unique_violation then null;
  end;
  begin
    -- Nobody can log in before the installation sets a password, as its last step.
    if to_regrole('authenticator') is null then create role authenticator login noinherit; end if;
  exception when duplicate_object or unique_violation then null;
  end;

  select string_agg(rolname, ', ' order by rolname) into unsafe
  from pg_catalog.pg_roles
  where rolname in ('authenticator', 'authenticated', 'anonymous')
    and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication);
  if unsafe is not null then
    raise exception 'these roles exist already, with rights that would let users past row-level security: %', unsafe
      using hint = 'Take SUPERUSER, BYPASSRLS, CREATEROLE, CREATEDB and REPLICATION from them, then migrate again.';
  end if;

  if not pg_has_role('authenticator', 'authenticated', 'member') then
    grant authenticated to authenticator;
  end if;
  if not pg_has_role('authenticator', 'anonymous', 'member') then
    grant anonymous to authenticator;
  end if;
end
$$;

-- The settings of every session of the proxy. They apply at login, so they belong to the role that logs in.
-- Values that an operator has chosen stay.
--
-- - search_path: a temporary table would otherwise be found before a real one of the same name.
-- - synchronize_seqscans: a sequential scan of a large table starts where another session's scan has got
--   to, so the order of the rows would tell users when others read.
-- - jit: without statistics (07_column_statistics.sql) the planner expects one row in 200 to be the user's;
--   from some ten million rows on it would compile a query that reads a hundred.
-- - random_page_cost: for the same reason it expects a query with a policy and a limit to find less than its
--   limit, and would sort all of a user's rows rather than read a page of them from an index in order. With
--   pages that cost alike it does not. 5,000 rows, a page of 51: 3 ms, then 0.2 ms.
-- - temp_file_limit: a huge sort fails before the disk is full.
do $$
declare
  name text;
  value text;
  has_value constant text[] := array(
    select split_part(setting, '=', 1)
    from pg_catalog.pg_roles, unnest(rolconfig) as setting
    where rolname = 'authenticator');
begin
  for name, value in values
    ('statement_timeout', '30s'),
    ('lock_timeout', '5s'),
    ('idle_in_transaction_session_timeout', '30s'),
    ('search_path', 'public, pg_temp'),
    ('synchronize_seqscans', 'off'),
    ('jit', 'off'),
    ('random_page_cost', '1'),
    ('temp_file_limit', '512MB')
  loop
    if name = any (has_value) then
      continue;
    elsif name = 'temp_file_limit' and not current_setting('is_superuser')::boolean then
      raise notice 'Skipped, needs a superuser: temp_file_limit for authenticator. Weaker: one query can fill the disk with temporary files.';
    elsif name = 'search_path' then
      -- A list; as one literal it would be one name.
      alter role authenticator set search_path = public, pg_temp;
    else
      execute format('alter role authenticator set %I = %L', name, value);
    end if;
  end loop;
exception when insufficient_privilege then
  raise notice 'Skipped, not allowed to alter the role authenticator: its time limits, synchronize_seqscans, jit and random_page_cost. Weaker: a query may run for as long as the proxy lets it, and the order of rows tells users when others scan a large table.';
end
$$;
