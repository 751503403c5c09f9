-- Users who send SQL define nothing: no object, no grant, and no DROP OWNED, which Postgres allows every
-- role and which would revoke what all users were granted. SECURITY DEFINER functions keep working, because
-- inside them the current user is their owner. (Event triggers do not see ALTER ROLE, because roles belong
-- to the whole server.)
create or replace function private.refuse_definitions() returns event_trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
  if not current_setting('is_superuser')::boolean
     and to_regrole('authenticator') is not null
     and pg_has_role('authenticator', current_user, 'member')
  then
    raise insufficient_privilege using message = format('permission denied for %s', tg_tag);
  end if;
end
$$;
revoke all on function private.refuse_definitions() from public;

-- Revokes what Postgres grants to everyone by default and users who send SQL must not have.
create or replace function private.revoke_dangerous_defaults() returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  superuser constant boolean := current_setting('is_superuser')::boolean;
  dangerous record;
  unexpected text;
begin
  -- The roles may have existed before the proxy was installed.
  select string_agg(rolname, ', ' order by rolname) into unexpected
  from pg_catalog.pg_roles
  where rolname in ('authenticated', 'anonymous') and rolcanlogin;
  if unexpected is not null then
    raise notice 'Left as it was: % can log in. Weaker: whoever has the password needs no token to run SQL, as a stranger to every row.', unexpected;
  end if;
  select string_agg(format('%s in %s', member::regrole, roleid::regrole), ', ') into unexpected
  from pg_catalog.pg_auth_members
  where member in ('authenticated'::regrole, 'anonymous'::regrole);
  if unexpected is not null then
    raise notice 'Left as it was: membership of %. Weaker: users have what these roles may do, too.', unexpected;
  end if;

  -- A temporary table could take the place of a real one of the same name.
  if has_database_privilege('authenticated', current_database(), 'temporary') then
    if superuser or exists (
      select from pg_catalog.pg_database
      where datname = current_database() and pg_has_role(datdba, 'usage')
    ) then
      execute format('revoke temporary on database %I from public', current_database());
    end if;
    if has_database_privilege('authenticated', current_database(), 'temporary') then
      raise notice 'Skipped, needs the database''s owner: REVOKE TEMPORARY. Weaker: users can create temporary tables.';
    end if;
  end if;

  -- PostgreSQL 14 lets everyone create tables and functions in public.
  if has_schema_privilege('authenticated', 'public', 'create') then
    if superuser or exists (
      select from pg_catalog.pg_namespace
      where nspname = 'public' and pg_has_role(nspowner, 'usage')
    ) then
      revoke create on schema public from public;
    end if;
    if has_schema_privilege('authenticated', 'public', 'create') then
      raise notice 'Skipped, needs the owner of schema public: REVOKE CREATE. Weaker: users can create tables and functions.';
    end if;
  end if;

  if not superuser then
    raise notice 'Skipped, needs a superuser: REVOKE EXECUTE on set_config, pg_sleep, pg_cancel_backend, advisory locks, query_to_xml, large objects and the like, and USAGE on plpgsql; an event trigger against DROP OWNED and other definitions. Weaker: only the proxy''s statement gate keeps users from these.';
    return;
  end if;

  for dangerous in
    select p.oid::regprocedure as signature, p.proname = 'set_config' as sets_role,
      p.proname like 'pg\_stat\_%' as is_statistics
    from pg_catalog.pg_proc as p
    where p.pronamespace = 'pg_catalog'::regnamespace
      and p.provolatile <> 'i'
      and has_function_privilege('authenticated', p.oid, 'execute')
      and p.proname operator(pg_catalog.~) (
        '^('
        'set_config'                                    -- role, timeouts, search_path
        '|pg_sleep(_for|_until)?'                       -- holds a connection
        '|pg_(cancel|terminate)_backend'                -- other people's queries
        '|pg_(try_)?advisory_.*'                        -- locks that outlive the request
        '|pg_notify|pg_logical_emit_message'            -- talks to other sessions, fills the log
        '|(query|table|schema|database|cursor)_to_xml.*' -- runs or reads what its text says
        '|ts_stat|ts_rewrite'                           -- runs what its text says
        '|lo_.*|loread|lowrite'                         -- storage without an owner's policies
        '|pg_export_snapshot|setseed'                   -- state that a reset leaves behind
        '|pg_log_backend_memory_contexts|pg_current_logfile'
        '|pg_read_.*|pg_ls_.*|pg_stat_file'
        '|pg_prepared_statement|pg_cursor|pg_listening_channels' -- who used the session before
        '|pg_stat_get_.*|pg_lock_status|pg_blocking_pids'        -- other people's SQL, and how busy
        '|pg_(total_)?relation_size|pg_table_size|pg_indexes_size|pg_database_size'
        ')$'
      )
  loop
    execute format('revoke execute on function %s from public', dangerous.signature);
    -- An owner of the database who is no superuser works, dumps and restores as before.
    execute format('grant execute on function %s to pg_database_owner', dangerous.signature);
    if dangerous.sets_role then
      execute format('grant execute on function %s to authenticator', dangerous.signature);
    end if;
    if dangerous.is_statistics then
      execute format('grant execute on function %s to pg_read_all_stats', dangerous.signature);
    end if;
  end loop;

  if not exists (select from pg_catalog.pg_event_trigger where evtname = 'users_define_nothing') then
    create event trigger users_define_nothing on ddl_command_start
      execute function private.refuse_definitions();
  end if;

  -- A DO block could wrap any statement that the proxy refuses. Existing functions keep working for
  -- everyone.
  if has_language_privilege('authenticated', 'plpgsql', 'usage') then
    revoke usage on language plpgsql from public;
    grant usage on language plpgsql to pg_database_owner;
  end if;
end
$$;
revoke all on function private.revoke_dangerous_defaults() from public;

select private.revoke_dangerous_defaults();
