/** The SQL that says which role reaches which relation, and how; the checks of tables build on it. */

/**
 * A row for each role of requests ($1) and relation outside the system's schemas that it reaches,
 * with `may`: the commands that it has the right to on the whole relation or on some column. Rights
 * count however they came: by a grant to the role, to PUBLIC, or through a membership. A relation in
 * a schema without USAGE is out of reach.
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

/** Whether the policy p counts for the role of `reached`: named itself, PUBLIC, or inherited. */
export const FOR_ROLE = `exists (
  select from pg_catalog.unnest(p.polroles) as named
  where named = 0 or pg_catalog.pg_has_role(reached.role_oid, named, 'usage'))`
