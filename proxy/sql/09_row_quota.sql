-- Row quotas: how many rows of a table one user may own. private.limit_rows() installs one. The application
-- declares its quotas beside its tables (db/row-quota.ts), and `npm run db:migrate` installs them.
--
-- One row of private.row_counts holds the number of rows of one user in one table. Triggers that run once
-- a statement keep it. So a quota is exact, even between parallel transactions: the second transaction of
-- the same user waits for the first, and nobody waits for another user. The count is part of the same
-- transaction, so DELETE, TRUNCATE and a rollback are counted as well.
--
-- Measured on PostgreSQL 18, one row a statement: 8 µs of Postgres' CPU time for an INSERT that takes
-- 22 without. Counting the rows themselves (an index scan up to the limit) costs as much at 40 rows of
-- the user, more with each further row, and misses rows that are not committed yet.

-- Pages keep free space, so that an update of a count is heap-only and adds no index entry.
create table if not exists private.row_counts (
  relation regclass not null,
  -- The value of the owner's column, compared byte by byte.
  owner text collate "C" not null,
  row_count bigint not null,
  primary key (relation, owner)
) with (fillfactor = 50);

-- Called when a statement has left a user with more rows than the quota allows. It raises an error, except
-- for roles that row-level security does not restrict either (the table's owner, superusers), so that
-- imports work. The setting `role` keeps the request's role inside SECURITY DEFINER functions, so the quota
-- applies there as well.
create or replace function private.refuse_rows(relation regclass, max_rows bigint) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  who constant name := coalesce(nullif(current_setting('role'), 'none'), session_user);
  table_name constant text := (select relname from pg_class where oid = relation);
begin
  if exists (
    select from pg_roles as r, pg_class as c
    where r.rolname = who and c.oid = relation
      and (r.rolsuper or r.rolbypassrls or pg_has_role(who, c.relowner, 'usage'))
  ) then
    return;
  end if;
  -- None of Postgres' own error classes begins with R. The message does not mention the count: where a
  -- policy lets users insert for others, it may be another user's.
  raise exception using
    errcode = 'RQ001',
    message = format('row quota exceeded: a user may have at most %s rows in %I', max_rows, table_name),
    hint = 'Delete rows that are no longer needed, then try again.',
    table = table_name,
    schema = (select nspname from pg_class as c join pg_namespace as n on n.oid = c.relnamespace where c.oid = relation);
end
$$;
revoke all on function private.refuse_rows(regclass, bigint) from public;

-- Counts again where the counts differ from the rows, as after a restore without triggers or after a time
-- with the triggers switched off. The comparison is one query, so it has one snapshot and locks nothing;
-- writers wait only if there is a difference.
create or replace function private.recount_rows(relation regclass, owner_column name) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  counted constant text := format(
    'select %1$I::text collate "C" as owner, count(*) as row_count from %2$s where %1$I is not null group by 1',
    owner_column, relation);
  differs boolean;
begin
  execute format(
    'select exists (
       select from (%s) as t
       full join (select owner, row_count from private.row_counts where relation = $1 and row_count <> 0) as c using (owner)
       where t.row_count is distinct from c.row_count)', counted)
    into differs using relation;
  if differs then
    execute format('lock table %s in share row exclusive mode', relation);
    delete from private.row_counts as c where c.relation = recount_rows.relation;
    execute format('insert into private.row_counts select $1, owner, row_count from (%s) as t', counted)
      using relation;
  end if;
end
$$;
revoke all on function private.recount_rows(regclass, name) from public;

-- Limits the number of rows with the same value in `owner_column`. Call it again to change the limit, which
-- locks nothing, or the column; NULL as the limit removes the quota.
create or replace function private.limit_rows(relation regclass, owner_column name, max_rows bigint) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  trigger_name text;
  counter name;
  event text;
begin
  if max_rows is null then
    foreach trigger_name in array array['row_quota_insert', 'row_quota_delete', 'row_quota_update', 'row_quota_truncate'] loop
      execute format('drop trigger if exists %I on %s', trigger_name, relation);
    end loop;
    delete from private.row_counts as c where c.relation = limit_rows.relation;
    return;
  end if;
  if max_rows < 1 then
    raise invalid_parameter_value using message = format('a quota of %s rows: it must be 1 or more', max_rows);
  end if;
  -- Triggers on a partitioned table do not see rows that are written to a partition directly.
  if exists (select from pg_class where oid = relation and (relkind <> 'r' or relispartition or relhassubclass))
    or exists (select from pg_inherits where inhrelid = relation)
  then
    raise feature_not_supported using message = format('%s: only plain tables, without partitions or inheritance, can have a row quota', relation);
  end if;

  -- Postgres cuts names off after 63 bytes.
  select case when octet_length(full_name) > 63 then 'row_quota_' || md5(full_name) else full_name end into counter
  from pg_class as c
  join pg_namespace as n on n.oid = c.relnamespace
  cross join format('row_quota_%s_%s', n.nspname, c.relname) as full_name
  where c.oid = relation;

  -- One function for each table, because a column named in plain SQL is cheaper than one looked up.
  -- Nearly always, all rows of a statement belong to one user who has a count: that takes one UPDATE by
  -- primary key. The ORDER BY keeps two statements for several users from a deadlock.
  execute format(
    $function$
create or replace function private.%1$I() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $body$
declare
  first_owner text;
  last_owner text;
  difference bigint;
  total bigint;
begin
  if tg_op in ('INSERT', 'DELETE') then
    select min(changed.%2$I::text collate "C"), max(changed.%2$I::text collate "C"),
      case tg_op when 'INSERT' then count(*) else -count(*) end
    into first_owner, last_owner, difference
    from changed where changed.%2$I is not null;
    if first_owner = last_owner then
      update private.row_counts as c set row_count = c.row_count + difference
      where c.relation = tg_relid and c.owner = first_owner
      returning c.row_count into total;
    end if;
    if total is null and first_owner is not null then
      with counted as (
        insert into private.row_counts as c (relation, owner, row_count)
        select tg_relid, changed.%2$I::text, sign(difference) * count(*)
        from changed where changed.%2$I is not null group by 2 order by 2
        on conflict (relation, owner) do update set row_count = c.row_count + excluded.row_count
        returning c.row_count
      )
      select max(row_count) into total from counted;
    end if;
  elsif tg_op = 'UPDATE' then
    with counted as (
      insert into private.row_counts as c (relation, owner, row_count)
      select tg_relid, moved.owner, moved.by
      from (values (old.%2$I::text, -1), (new.%2$I::text, 1)) as moved (owner, by)
      where moved.owner is not null order by 2
      on conflict (relation, owner) do update set row_count = c.row_count + excluded.row_count
      returning c.owner, c.row_count
    )
    select row_count into total from counted where owner = new.%2$I::text;
  else
    delete from private.row_counts as c where c.relation = tg_relid;
  end if;
  if total > %3$s and tg_op <> 'DELETE' then
    perform private.refuse_rows(tg_relid, %3$s);
  end if;
  return null;
end
$body$
    $function$, counter, owner_column, max_rows);
  execute format('revoke all on function private.%I() from public', counter);

  -- Creating a trigger locks the table, so an existing one stays. An UPDATE costs nothing unless it gives
  -- a row to another user.
  foreach event in array array[
    'insert: after insert on %s referencing new table as changed for each statement',
    'delete: after delete on %s referencing old table as changed for each statement',
    'update: after update on %s for each row when (old.%I is distinct from new.%2$I)',
    'truncate: after truncate on %s for each statement'
  ] loop
    trigger_name := 'row_quota_' || split_part(event, ': ', 1);
    if not exists (
      select from pg_trigger as t
      where t.tgrelid = relation and t.tgname = trigger_name and t.tgenabled in ('O', 'A')
        and t.tgfoid = to_regproc(format('private.%I', counter))
        and (event not like 'update%' or position(format('old.%I ', owner_column) in pg_get_triggerdef(t.oid)) > 0)
    ) then
      execute format('create or replace trigger %I %s execute function private.%I()',
        trigger_name, format(split_part(event, ': ', 2), relation, owner_column), counter);
      execute format('alter table %s enable trigger %I', relation, trigger_name);
    end if;
  end loop;
  perform private.recount_rows(relation, owner_column);
end
$$;
revoke all on function private.limit_rows(regclass, name, bigint) from public;
