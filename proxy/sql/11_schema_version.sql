-- Tells the proxy that the schema has changed. Its sessions keep prepared statements with the types that
-- parameters had when they were parsed. After ALTER TABLE, such a statement can fail, or store a wrong value
-- without an error. So the last step of each transaction of the proxy compares the versions in this table
-- with those that the session has seen, and a difference ends the transaction.
--
-- Each transaction that changes the schema adds a version of its own, which becomes visible together with
-- the change. Versions are never used again, so equal versions mean an equal schema.

-- One row, plus one for each transaction that ran at the same time as another. With the low fill factor,
-- Postgres prunes replaced rows after some twenty of them, instead of when the page is full.
create table if not exists proxy_state.schema_version (version uuid not null) with (fillfactor = 10);

insert into proxy_state.schema_version
select gen_random_uuid() where not exists (select from proxy_state.schema_version);
grant select on proxy_state.schema_version to public;

-- None of Postgres' own error classes begins with R.
create or replace function proxy_state.refuse_stale() returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception using
    errcode = 'RS001',
    message = 'the schema has changed since this session looked at it';
end
$$;

-- Records that this transaction changes the schema. It waits for no other: rows that another transaction is
-- replacing right now are left to the next change.
create or replace function private.schema_changed() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  this_transaction constant text := pg_current_xact_id()::text;
begin
  -- Once a transaction is enough. A rollback to a savepoint undoes both, the row and the setting.
  if current_setting('proxy_state.noted', true) is not distinct from this_transaction
    or to_regclass('proxy_state.schema_version') is null
  then
    return;
  end if;
  -- At higher isolation levels, deleting rows that were replaced since the snapshot would fail.
  if current_setting('transaction_isolation') in ('read committed', 'read uncommitted') then
    delete from proxy_state.schema_version
    where ctid = any (array(select ctid from proxy_state.schema_version for update skip locked));
  end if;
  insert into proxy_state.schema_version values (gen_random_uuid());
  -- For live queries (12_live_rows.sql).
  notify sql_proxy_live, 'schema';
  perform set_config('proxy_state.noted', this_transaction, true);
end
$$;
revoke all on function private.schema_changed() from public;

-- Temporary objects belong to one session, and the commands below change neither names nor types.
create or replace function private.note_schema_change() returns event_trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_event = 'sql_drop' then
    perform from pg_event_trigger_dropped_objects()
    where not is_temporary and object_type not in ('index', 'statistics object');
  else
    perform from pg_event_trigger_ddl_commands()
    where schema_name is distinct from 'pg_temp' and command_tag not in (
      'COMMENT', 'CREATE INDEX', 'REINDEX', 'CREATE STATISTICS', 'REFRESH MATERIALIZED VIEW', 'SECURITY LABEL');
  end if;
  if found then
    perform private.schema_changed();
  end if;
end
$$;
revoke all on function private.note_schema_change() from public;

create or replace function private.note_migration() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
  perform private.schema_changed();
  return null;
end
$$;
revoke all on function private.note_migration() from public;

-- Notices every change, where event triggers may be created. Every installation calls it again.
--
-- `enable always`, because restores set session_replication_role = replica, which skips other triggers.
create or replace function private.watch_schema() returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  event text;
  trigger_name text;
begin
  foreach event in array array['ddl_command_end', 'sql_drop'] loop
    trigger_name := 'note_schema_change_' || event;
    if not exists (select from pg_event_trigger where evtname = trigger_name) then
      execute format('create event trigger %I on %s execute function private.note_schema_change()', trigger_name, event);
    end if;
    if exists (select from pg_event_trigger where evtname = trigger_name and evtenabled <> 'A') then
      execute format('alter event trigger %I enable always', trigger_name);
    end if;
  end loop;
exception when insufficient_privilege then
  raise notice 'Skipped, needs a superuser: event triggers that tell the proxy of schema changes. Weaker: after a change that npm run db:migrate has not made, statements keep the types of their parameters until you run it, or select private.schema_changed() in the transaction that makes the change.';
end
$$;
revoke all on function private.watch_schema() from public;

-- Notices migrations where event triggers may not be created, once Drizzle's table of them exists.
create or replace function private.watch_migrations() returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  migrations constant regclass := to_regclass('drizzle.__drizzle_migrations');
begin
  if migrations is not null and not exists (
    select from pg_trigger where tgrelid = migrations and tgname = 'note_migration' and tgenabled = 'A'
  ) then
    execute format('create or replace trigger note_migration after insert on %s for each statement execute function private.note_migration()', migrations);
    execute format('alter table %s enable always trigger note_migration', migrations);
  end if;
end
$$;
revoke all on function private.watch_migrations() from public;

select private.watch_schema(), private.watch_migrations(), private.schema_changed();
