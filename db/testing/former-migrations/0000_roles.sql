-- Who may come in: `authenticator` logs in and may do nothing but become one of the other two, for
-- one transaction at a time; `authenticated` is a person with a valid token, `anonymous` anyone else.
--
-- Roles belong to the whole server: another database of it may have made them already, or be making
-- them at this very moment, so each step is ready for both.
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
    -- Without a password nobody can log in yet; `npm run db:migrate` sets it.
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
--> statement-breakpoint
-- What one request may cost. An operator may set other values; no later migration puts these back.
-- They count at login, so they belong to the role that logs in.
do $$
begin
  alter role authenticator set statement_timeout = '30s';
  alter role authenticator set lock_timeout = '5s';
  alter role authenticator set idle_in_transaction_session_timeout = '30s';
  -- A temporary table of that name would otherwise be found first.
  alter role authenticator set search_path = public, pg_temp;
  if current_setting('is_superuser')::boolean then
    -- A huge sort fails before the disk is full.
    alter role authenticator set temp_file_limit = '512MB';
  else
    raise notice 'Skipped, needs a superuser: temp_file_limit for authenticator. Weaker: one query can fill the disk with temporary files.';
  end if;
exception when insufficient_privilege then
  raise notice 'Skipped, not allowed to alter the role authenticator: its time limits. Weaker: a query may run for as long as the proxy lets it.';
end
$$;
