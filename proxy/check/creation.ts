/** Users can create nothing: no temporary table, no object in a schema, no schema. */
import { unsafe, weak, type Check } from './check'
import { text, textArray } from './database'

const GROUP = 'Creating things'

export const temporaryCheck: Check = {
  name: 'temporary-tables',
  group: GROUP,
  good: 'users may not create temporary tables, which could shadow real ones',
  run: async ({ database, roles }) => {
    const rows = await database.query(
      `select r.rolname as role, pg_catalog.quote_ident(r.rolname) as role_name,
         pg_catalog.quote_ident(current_database()) as name
       from pg_catalog.pg_roles as r
       where (r.rolname = any ($1::text[]) or r.rolname = current_user)
         and pg_catalog.has_database_privilege(r.oid, current_database(), 'temporary') order by 1`,
      [textArray(roles)],
    )
    return rows.map((row) =>
      unsafe(
        `${text(row, 'role')} may create temporary tables`,
        `REVOKE TEMPORARY ON DATABASE ${text(row, 'name')} FROM PUBLIC, ${text(row, 'role_name')};`,
      ),
    )
  },
}

export const createCheck: Check = {
  name: 'create',
  group: GROUP,
  good: 'users may not create objects in any schema, nor schemas',
  run: async ({ database, roles }) => {
    const rows = await database.query(
      `select r.rolname as role, pg_catalog.quote_ident(r.rolname) as role_name, o.kind, o.name
       from pg_catalog.pg_roles as r
       cross join lateral (
         select 'SCHEMA', pg_catalog.quote_ident(n.nspname) from pg_catalog.pg_namespace as n
         where n.nspname !~ '^pg_(toast|temp)' and pg_catalog.has_schema_privilege(r.oid, n.oid, 'create')
         union all
         select 'DATABASE', pg_catalog.quote_ident(current_database())
         where pg_catalog.has_database_privilege(r.oid, current_database(), 'create')
       ) as o (kind, name)
       where r.rolname = any ($1::text[]) or r.rolname = current_user order by 3, 4, 1`,
      [textArray(roles)],
    )
    return rows.map((row) =>
      unsafe(
        `${text(row, 'role')} may create objects in the ${text(row, 'kind').toLowerCase()} ${text(row, 'name')}`,
        `REVOKE CREATE ON ${text(row, 'kind')} ${text(row, 'name')} FROM PUBLIC, ${text(row, 'role_name')};`,
      ),
    )
  },
}

export const definitionsCheck: Check = {
  name: 'definitions',
  group: GROUP,
  good: 'an event trigger refuses DDL by users, including DROP OWNED',
  run: async ({ database }) => {
    const [trigger] = await database.query(
      `select from pg_catalog.pg_event_trigger where evtevent = 'ddl_command_start' and evtenabled in ('O', 'A')`,
    )
    if (trigger !== undefined) return []
    return [
      weak(
        'no event trigger keeps users from DROP OWNED, which takes from all of them what was granted to their role; only the statement gate does',
        'Run `npm run db:migrate` as a superuser: it makes the event trigger users_define_nothing.',
      ),
    ]
  },
}
