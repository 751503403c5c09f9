-- Live queries: tells the proxy which users a change may concern. db/live-rows.ts declares it next to the
-- table, private.watch_rows() installs it, and `npm run db:migrate` does so for all that are declared.
--
-- Triggers that run once for each statement send one notification (NOTIFY), which Postgres delivers when
-- the transaction commits. It names the table, and the users it matters to by keys: values of columns
-- that policies compare, such as the owner's id, hashed with the key that seals identities. So a
-- notification carries no row and no value of one, and only the proxy can tell whose key it is.
--
--   '<oid of the table> <key> <key> …'   rows with these values changed, before or after the statement
--   '<oid of the table> *'               any row may have changed: TRUNCATE, many values, a row without one
--   'schema'                             tables, policies or rights changed (11_schema_version.sql)
--
-- While a transaction that notifies commits, Postgres lets no other one that notifies commit. A server that
-- flushes a commit in 1 ms makes 1,000 such commits a second at most, over all of its databases.

-- The columns whose values are keys. Without an audience, the value is the id of the user that the row
-- concerns; otherwise the audience is a query that gives each user the values that concern them.
create table if not exists private.live_keys (
  relation regclass not null,
  key_column name not null,
  audience text,
  primary key (relation, key_column)
);
revoke all on private.live_keys from public;

-- With more keys than this, a notification names none, and is for all users.
create or replace function private.live_keys_at_most() returns integer
language sql immutable parallel safe
return 100;
revoke all on function private.live_keys_at_most() from public;

-- Makes changes of a table's rows known to live queries. Run it again to change the keys; with NULL for them
-- the table is not watched any more. Without any key, each change concerns all who read the table.
create or replace function private.watch_rows(relation regclass, key_columns name[], audiences text[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  trigger_name text;
  teller name;
  event text;
  key_values text;
  -- A row without any key concerns all users.
  no_key text;
begin
  delete from private.live_keys as k
  where k.relation = watch_rows.relation or not exists (select from pg_class where oid = k.relation);
  if key_columns is null then
    foreach trigger_name in array array['live_insert', 'live_delete', 'live_update', 'live_truncate'] loop
      execute format('drop trigger if exists %I on %s', trigger_name, relation);
    end loop;
    perform private.schema_changed();
    return;
  end if;
  -- Triggers on a partitioned table do not see what is written to its partitions directly.
  if exists (select from pg_class where oid = relation and (relkind <> 'r' or relispartition or relhassubclass))
    or exists (select from pg_inherits where inhrelid = relation)
  then
    raise feature_not_supported using message = format('%s: only plain tables, without partitions or inheritance, can be watched', relation);
  end if;
  insert into private.live_keys select relation, * from unnest(key_columns, audiences);

  -- tg_relid, because a restore gives the table another oid.
  select string_agg(format('(tg_relid || %L || c.%I::text)', format(' %s ', key_column), key_column), ', '),
    format('(case when num_nonnulls(%s) = 0 then ''*'' end)', string_agg(format('c.%I', key_column), ', '))
  into key_values, no_key
  from unnest(key_columns) as key_column;
  key_values := coalesce(key_values || ', ' || no_key, '(''*'')');

  -- Names end after 63 bytes.
  select case when octet_length(full_name) > 63 then 'live_' || md5(full_name) else full_name end into teller
  from pg_class as c
  join pg_namespace as n on n.oid = c.relnamespace
  cross join format('live_%s_%s', n.nspname, c.relname) as full_name
  where c.oid = relation;

  -- One function for each table, because naming its columns in plain SQL is cheaper than looking them up. A
  -- value is hashed with each session key, as the proxies of a rotation have different ones: the first 96
  -- bits of HMAC-SHA256. A sealed identity begins with a digit, so no such hash is part of a seal. `notify`,
  -- and not pg_notify(), which 05_dangerous_defaults.sql leaves to the database's owner.
  execute format(
    $function$
create or replace function private.%1$I() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $body$
declare
  keys text;
begin
  if tg_op = 'TRUNCATE' then
    keys := '*';
  elsif tg_op = 'UPDATE' then
    select %4$s into keys
    from (
      select distinct message
      from (select * from gone union all select * from changed) as c, lateral (values %2$s) as v (message)
      where message is not null limit %3$s + 1
    ) as found, private.session_keys as k;
  else
    select %4$s into keys
    from (
      select distinct message from changed as c, lateral (values %2$s) as v (message)
      where message is not null limit %3$s + 1
    ) as found, private.session_keys as k;
  end if;
  if keys is not null then
    -- Postgres refuses 8,000 bytes and more.
    execute format('notify sql_proxy_live, %%L',
      tg_relid || ' ' || case when length(keys) < 7900 then keys else '*' end);
  end if;
  return null;
end
$body$
    $function$, teller, key_values, private.live_keys_at_most(), format(
    $hashes$case when bool_or(message = '*') or count(distinct message) > %s then '*' else string_agg(substr(encode(sha256(
      k.outer_pad || sha256(k.inner_pad || convert_to('live ' || message, 'UTF8'))), 'base64'), 1, 16), ' ') end$hashes$,
    private.live_keys_at_most()));
  execute format('revoke all on function private.%I() from public', teller);

  -- Making a trigger locks the table, so that is done only once.
  foreach event in array array[
    'insert: after insert on %s referencing new table as changed for each statement',
    'delete: after delete on %s referencing old table as changed for each statement',
    'update: after update on %s referencing old table as gone new table as changed for each statement',
    'truncate: after truncate on %s for each statement'
  ] loop
    trigger_name := 'live_' || split_part(event, ': ', 1);
    if not exists (
      select from pg_trigger as t
      where t.tgrelid = relation and t.tgname = trigger_name and t.tgenabled in ('O', 'A')
        and t.tgfoid = to_regproc(format('private.%I', teller))
    ) then
      execute format('create or replace trigger %I %s execute function private.%I()',
        trigger_name, format(split_part(event, ': ', 2), relation), teller);
      execute format('alter table %s enable trigger %I', relation, trigger_name);
    end if;
  end loop;
  perform private.schema_changed();
end
$$;
revoke all on function private.watch_rows(regclass, name[], text[]) from public;

-- The tables whose changes are told, for the proxy: each with its keys, or once with NULL for none. A
-- table with a trigger that is missing or disabled is not among them.
create or replace function auth.watched_tables() returns table (relation oid, key_column name, audience text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select c.oid, k.key_column, k.audience
  from pg_catalog.pg_class as c
  left join private.live_keys as k on k.relation = c.oid
  where (select count(*) from pg_catalog.pg_trigger as t
    where t.tgrelid = c.oid and t.tgenabled in ('O', 'A')
      and t.tgname in ('live_insert', 'live_delete', 'live_update', 'live_truncate')) = 4;
end;
revoke all on function auth.watched_tables() from public;
grant execute on function auth.watched_tables() to authenticator;

-- The tables that functions in policies read whose bodies are text, as in PL/pgSQL: Postgres does not know.
create table if not exists private.live_functions (
  function regprocedure primary key,
  reads regclass[] not null
);
revoke all on private.live_functions from public;

-- Declares what a function reads; with NULL nothing is known of it any more.
create or replace function private.declare_reads(function regprocedure, reads regclass[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
  delete from private.live_functions as f
  where f.function = declare_reads.function or not exists (select from pg_proc where oid = f.function);
  if reads is not null then
    insert into private.live_functions values (function, reads);
  end if;
  perform private.schema_changed();
end
$$;
revoke all on function private.declare_reads(regprocedure, regclass[]) from public;

-- The functions whose tables are declared, for the proxy: each with its tables, or once with NULL for none.
create or replace function auth.live_functions() returns table (function oid, relation oid)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select f.function::oid, c.oid
  from private.live_functions as f left join pg_catalog.pg_class as c on c.oid = any (f.reads::oid[]);
end;
revoke all on function auth.live_functions() from public;
grant execute on function auth.live_functions() to authenticator;
