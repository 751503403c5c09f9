-- The planner keeps samples of all users' values, and leakproof operators (`=`, `<`, `^@`, and what
-- LIKE becomes) consult them despite row-level security. The estimate chooses the join, and the join
-- decides the order in which users get their own rows, which reveals what others have written. So no
-- statistics of values are kept for tables of which users see only some rows.

-- Everything that ANALYZE could store, or has stored, about such rows: each column, each expression of an
-- index and each object of extended statistics. It returns names, never values.
--
-- Users see only some rows of a relation if they have rights on it, or on a view, rule or parent above it,
-- and it or a parent is under row-level security. A table that they reach through a view alone counts as
-- well: there the view decides which rows.
--
-- Without JIT: its cost is estimated far too high, and compiling it would take seconds.
--
-- SECURITY DEFINER because `authenticator` cannot see what is stored. `is_stored` is NULL where the
-- owner of this function cannot see it either: for another role's table, or one with FORCE ROW LEVEL
-- SECURITY.
create or replace function proxy_check.column_statistics()
returns table (relation oid, relation_name text, kind text, object oid, attribute int2, name text,
  is_gathered boolean, is_stored boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp set jit = off
as $$
  with recursive
    reached (role, relation, is_partial) as (
      select r.oid, c.oid, c.relrowsecurity
      from pg_roles as r
      cross join pg_class as c
      join pg_namespace as n on n.oid = c.relnamespace
      where pg_has_role('authenticator', r.oid, 'member')
        and c.relkind in ('r', 'p', 'v', 'm', 'f')
        and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
        and (has_any_column_privilege(r.oid, c.oid, 'select, insert, update')
          or has_table_privilege(r.oid, c.oid, 'delete'))
      union
      select above.role, below.oid,
        below.relrowsecurity
        or case when below.is_child then above.is_partial
           else not has_table_privilege(above.role, below.oid, 'select') end
      from reached as above
      cross join lateral (
        select c.oid, c.relrowsecurity, true as is_child
        from pg_inherits as i join pg_class as c on c.oid = i.inhrelid
        where i.inhparent = above.relation
        union all
        -- A materialized view is read like a table; its query is not planned again.
        select c.oid, c.relrowsecurity, false
        from pg_rewrite as w
        join pg_class as v on v.oid = w.ev_class and v.relkind <> 'm'
        join pg_depend as d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
        join pg_class as c on d.refclassid = 'pg_class'::regclass and c.oid = d.refobjid
        where w.ev_class = above.relation and c.oid <> above.relation
      ) as below
    ),
    partial as (
      select c.oid, format('%I.%I', n.nspname, c.relname) as name, n.nspname, c.relname,
        -- pg_stats, pg_stats_ext and pg_stats_ext_exprs show only what their reader may read.
        pg_has_role(c.relowner, 'usage') and not row_security_active(c.oid) as is_visible
      from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'm', 'f')
        and c.oid in (select r.relation from reached as r where r.is_partial)
    )
  select p.oid, p.name, 'column', p.oid, a.attnum, format('%s.%I', p.name, a.attname),
    a.attstattarget is distinct from 0,
    case when p.is_visible then exists (
      select from pg_stats as s
      where s.schemaname = p.nspname and s.tablename = p.relname and s.attname = a.attname) end
  from partial as p join pg_attribute as a on a.attrelid = p.oid
  -- A virtual column has no statistics, and Postgres refuses to set a target for it.
  where a.attnum > 0 and not a.attisdropped and a.attgenerated <> 'v'
  union all
  select p.oid, p.name, 'index', c.oid, a.attnum,
    format('the expression %s', pg_get_indexdef(c.oid, a.attnum, false))
      || format(' of the index %I.%I', n.nspname, c.relname),
    a.attstattarget is distinct from 0,
    case when p.is_visible then exists (
      select from pg_stats as s
      where s.schemaname = n.nspname and s.tablename = c.relname and s.attname = a.attname) end
  from partial as p
  join pg_index as i on i.indrelid = p.oid
  join pg_class as c on c.oid = i.indexrelid
  join pg_namespace as n on n.oid = c.relnamespace
  join pg_attribute as a on a.attrelid = c.oid and i.indkey[a.attnum - 1] = 0
  union all
  select p.oid, p.name, 'statistics', e.oid, null, format('the statistics %I.%I', n.nspname, e.stxname),
    e.stxstattarget is distinct from 0,
    case when p.is_visible then exists (
      select from pg_stats_ext as s
      where s.statistics_schemaname = n.nspname and s.statistics_name = e.stxname
        and concat(s.n_distinct, s.dependencies, s.most_common_vals) <> '')
    or exists (
      select from pg_stats_ext_exprs as s
      where s.statistics_schemaname = n.nspname and s.statistics_name = e.stxname
        and s.n_distinct is not null) end
  from partial as p
  join pg_statistic_ext as e on e.stxrelid = p.oid
  join pg_namespace as n on n.oid = e.stxnamespace
$$;
revoke all on function proxy_check.column_statistics() from public;
grant execute on function proxy_check.column_statistics() to authenticator;

-- Keeps ANALYZE from gathering values of tables of which users see only some rows. It takes no lock where
-- that is done already. Returns the reasons for which it failed, or ''.
create or replace function private.gather_no_values() returns text
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  partial record;
  command text;
  reasons text := '';
begin
  for partial in
    select s.relation_name as name, c.relkind in ('r', 'p') as can_be_locked,
      -- All of a table's at once, even if one is missing: Postgres then plans prepared statements again.
      array_agg(case s.kind
        when 'column' then format('alter table only %s alter column %I set statistics 0',
          s.relation_name, (select attname from pg_attribute where attrelid = s.object and attnum = s.attribute))
        when 'index' then format('alter index %s alter column %s set statistics 0',
          s.object::regclass, s.attribute)
        else (select format('alter statistics %I.%I set statistics 0', n.nspname, e.stxname)
          from pg_statistic_ext as e join pg_namespace as n on n.oid = e.stxnamespace
          where e.oid = s.object)
      end) as commands
    from proxy_check.column_statistics() as s
    join pg_class as c on c.oid = s.relation
    group by s.relation, 1, 2
    having bool_or(s.is_gathered or s.is_stored is distinct from false)
    order by s.relation
  loop
    begin
      -- ANALYZE takes this lock as well: a running one finishes first, and the next one sees the targets.
      if partial.can_be_locked then
        execute format('lock table only %s in share update exclusive mode', partial.name);
      end if;
      foreach command in array partial.commands loop
        execute command;
      end loop;
    exception when others then
      reasons := reasons || format('; %s: %s', partial.name, sqlerrm);
    end;
  end loop;
  return reasons;
end
$$;
revoke all on function private.gather_no_values() from public;

-- Empties an object of extended statistics by creating it again; only a superuser could do without.
create or replace function private.empty_statistics(statistics oid) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  name text;
  owner text;
  definition constant text := pg_get_statisticsobjdef(statistics);
  comment constant text := obj_description(statistics, 'pg_statistic_ext');
begin
  select format('%I.%I', n.nspname, e.stxname), pg_get_userbyid(e.stxowner) into name, owner
  from pg_statistic_ext as e join pg_namespace as n on n.oid = e.stxnamespace
  where e.oid = statistics;
  execute format('drop statistics %s', name);
  execute definition;
  execute format('alter statistics %s set statistics 0', name);
  execute format('comment on statistics %s is %L', name, comment);
  if owner <> current_user then
    execute format('alter statistics %s owner to %I', name, owner);
  end if;
end
$$;
revoke all on function private.empty_statistics(oid) from public;

-- Before PostgreSQL 18, an owner who is no superuser can remove a column's statistics only by altering the
-- column's type to the type that it has; statistics of indexes on it disappear as well. No row is
-- rewritten, but constraints are checked again. Postgres refuses this for a column that a policy names, so
-- until the end of this function those policies hide every row; the table is locked meanwhile.
create or replace function private.retype_columns(relation oid) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  policy record;
  command text;
  put_back text[] := '{}';
  columns text;
begin
  select string_agg(format('alter column %I type %s%s', a.attname,
      format_type(a.atttypid, a.atttypmod),
      (select format(' collate %I.%I', n.nspname, o.collname)
       from pg_collation as o join pg_namespace as n on n.oid = o.collnamespace
       where o.oid = a.attcollation)), ', ')
  into columns
  from pg_attribute as a
  where a.attrelid = relation and a.attnum > 0 and not a.attisdropped
    -- An inherited column is altered with its parent's.
    and a.attinhcount = 0;
  if columns is null then
    return;
  end if;

  for policy in
    select format('%I on %I.%I', p.polname, n.nspname, c.relname) as name,
      pg_get_expr(p.polqual, p.polrelid) as sees, pg_get_expr(p.polwithcheck, p.polrelid) as writes
    from pg_policy as p
    join pg_class as c on c.oid = p.polrelid
    join pg_namespace as n on n.oid = c.relnamespace
    where exists (
      with recursive family (member) as (
        values (relation)
        union
        select i.inhrelid from family as f join pg_inherits as i on i.inhparent = f.member
      )
      select from pg_depend as d join family as f on f.member = d.refobjid
      where d.classid = 'pg_policy'::regclass and d.objid = p.oid
        and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0)
  loop
    execute concat('alter policy ', policy.name, case when policy.sees is not null then ' using (false)' end,
      case when policy.writes is not null then ' with check (false)' end);
    put_back := put_back || concat('alter policy ', policy.name, ' using (' || policy.sees || ')',
      ' with check (' || policy.writes || ')');
  end loop;
  execute format('alter table %s %s', relation::regclass, columns);
  foreach command in array put_back loop
    execute command;
  end loop;
end
$$;
revoke all on function private.retype_columns(oid) from public;

-- Removes the statistics of values of tables of which users see only some rows, and keeps new ones out.
create or replace function private.forget_column_values() returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  partial record;
  reasons text := '';
  left_over text;
begin
  perform private.gather_no_values();
  for partial in
    select s.relation, s.relation_name as name,
      array_agg(s.object) filter (where s.kind = 'statistics') as statistics,
      array_agg(s.object) filter (where s.kind <> 'statistics') as objects,
      array_agg(s.attribute) filter (where s.kind <> 'statistics') as attributes
    from proxy_check.column_statistics() as s
    where s.is_stored is distinct from false
    group by 1, 2 order by 1
  loop
    begin
      perform private.empty_statistics(s.oid) from unnest(partial.statistics) as s (oid);
      if partial.objects is null then
        null;
      elsif to_regprocedure('pg_clear_attribute_stats(text, text, text, boolean)') is not null then
        perform pg_clear_attribute_stats(n.nspname, c.relname, a.attname, inherited)
        from unnest(partial.objects, partial.attributes) as s (object, attribute)
        join pg_class as c on c.oid = s.object
        join pg_namespace as n on n.oid = c.relnamespace
        join pg_attribute as a on a.attrelid = s.object and a.attnum = s.attribute
        cross join (values (false), (true)) as v (inherited);
      elsif current_setting('is_superuser')::boolean then
        delete from pg_statistic
        where (starelid, staattnum) in (select * from unnest(partial.objects, partial.attributes));
      else
        perform private.retype_columns(partial.relation);
      end if;
    exception when others then
      reasons := reasons || format('; %s: %s', partial.name, sqlerrm);
    end;
  end loop;
  -- An index that was created again has its default targets back.
  reasons := reasons || private.gather_no_values();

  select string_agg(distinct s.relation_name, ', ') into left_over
  from proxy_check.column_statistics() as s
  where s.is_gathered or s.is_stored;
  if left_over is not null then
    raise notice 'Skipped, needs a superuser, or their owner on PostgreSQL 18: the planner''s statistics of %. Weaker: users can find out the values of others from how their own queries are planned%.',
      left_over, reasons;
  end if;
end
$$;
revoke all on function private.forget_column_values() from public;

select private.forget_column_values();
