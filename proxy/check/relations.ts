/** SQL for which role can reach which relation, and how; used by the checks of tables. */

/**
 * One row for each request role ($1) and non-system relation that it can reach, with `may`: the commands
 * that it may use on the relation or on some column. Includes grants to the role, to PUBLIC, and through
 * memberships. A relation in a schema without USAGE is out of reach.
 */
export const REACHED = `
  reached as (
    select r.rolname as role, pg_catalog.quote_ident(r.rolname) as role_name, r.oid as role_oid,
      c.oid, c.relkind, c.relrowsecurity, c.reloptions, c.relowner,
      pg_catalog.format('%I.%I', n.nspname, c.relname) as name,
      pg_catalog.array_remove(array[
        case when pg_catalog.has_any_column_privilege(r.oid, c.oid, 'select') then 'SELECT' end,
        case when pg_catalog.has_any_column_privilege(r.oid, c.oid, 'insert') then 'INSERT' end,
        case when pg_catalog.has_any_column_privilege(r.oid, c.oid, 'update') then 'UPDATE' end,
        case when pg_catalog.has_table_privilege(r.oid, c.oid, 'delete') then 'DELETE' end
      ], null) as may
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    join pg_catalog.pg_roles as r on r.rolname = any ($1::text[])
    where c.relkind in ('r', 'p', 'v', 'm', 'f')
      -- Random numbers by which sessions notice a change of the schema.
      and c.oid is distinct from pg_catalog.to_regclass('proxy_state.schema_version')
      and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
      and pg_catalog.has_schema_privilege(r.oid, n.oid, 'usage')
  )`

/** Whether the policy p applies to the role of `reached`: by name, PUBLIC, or inheritance. */
export const FOR_ROLE = `exists (
  select from pg_catalog.unnest(p.polroles) as named
  where named = 0 or pg_catalog.pg_has_role(reached.role_oid, named, 'usage'))`
