-- Who may come in: `authenticator` logs in and may do nothing but become one of the other two, for
-- one transaction at a time; `authenticated` is a person with a valid token, `anonymous` anyone else.
--
-- Roles belong to the whole server, so that no database can note that they are there: this file runs at
-- every installation. Another database may have made them already, or be making them at this very
-- moment, so each step is ready for both.
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
    -- Without a password nobody can log in yet; the end of the installation sets it.
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

-- What one request may cost. These count at login, so they belong to the role that logs in. Only what has
-- no value yet is set: an operator's other values stay.
do $$
declare
  has_value constant text[] := array(
    select split_part(setting, '=', 1)
    from pg_catalog.pg_roles, unnest(rolconfig) as setting
    where rolname = 'authenticator');
begin
  if 'statement_timeout' <> all (has_value) then
    alter role authenticator set statement_timeout = '30s';
  end if;
  if 'lock_timeout' <> all (has_value) then
    alter role authenticator set lock_timeout = '5s';
  end if;
  if 'idle_in_transaction_session_timeout' <> all (has_value) then
    alter role authenticator set idle_in_transaction_session_timeout = '30s';
  end if;
  -- A temporary table of that name would otherwise be found first.
  if 'search_path' <> all (has_value) then
    alter role authenticator set search_path = public, pg_temp;
  end if;
  -- A huge sort fails before the disk is full.
  if 'temp_file_limit' <> all (has_value) then
    if current_setting('is_superuser')::boolean then
      alter role authenticator set temp_file_limit = '512MB';
    else
      raise notice 'Skipped, needs a superuser: temp_file_limit for authenticator. Weaker: one query can fill the disk with temporary files.';
    end if;
  end if;
exception when insufficient_privilege then
  raise notice 'Skipped, not allowed to alter the role authenticator: its time limits. Weaker: a query may run for as long as the proxy lets it.';
end
$$;

-- A sequential scan of a large table starts where another session's scan of it has come to, so the
-- order of the rows would tell users when others read. And without statistics (07_column_statistics.sql)
-- the planner takes a user's rows for one in 200 of the table: from some ten million on it would compile
-- (JIT) what then reads a hundred rows.
do $$
declare
  has_value constant text[] := array(
    select split_part(setting, '=', 1)
    from pg_catalog.pg_roles, unnest(rolconfig) as setting
    where rolname = 'authenticator');
begin
  if 'synchronize_seqscans' <> all (has_value) then
    alter role authenticator set synchronize_seqscans = off;
  end if;
  if 'jit' <> all (has_value) then
    alter role authenticator set jit = off;
  end if;
exception when insufficient_privilege then
  raise notice 'Skipped, not allowed to alter the role authenticator: synchronize_seqscans and jit. Weaker: the order of rows tells users when others scan a large table.';
end
$$;
