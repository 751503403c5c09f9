/** The proxy's login role can do nothing but become one of the request roles. */
import { enumerate, unsafe, type Check, type Subject } from './check'
import { text, textArray } from './database'

const GROUP = 'Login role'

export const loginAttributesCheck: Check = {
  name: 'login-attributes',
  group: GROUP,
  good: 'it has no special rights (SUPERUSER, BYPASSRLS, CREATEROLE, CREATEDB, REPLICATION)',
  run: ({ database }) =>
    attributes(
      database,
      `rolname = current_user`,
      'every limit on the proxy’s sessions ends at that',
    ),
}

/** Special attributes of the roles that match a condition. */
export async function attributes(
  database: Subject['database'],
  condition: string,
  why: string,
  params: readonly string[] = [],
) {
  const rows = await database.query(
    `select rolname, pg_catalog.quote_ident(rolname) as name, pg_catalog.array_to_string(array_remove(array[
       case when rolsuper then 'SUPERUSER' end, case when rolbypassrls then 'BYPASSRLS' end,
       case when rolcreaterole then 'CREATEROLE' end, case when rolcreatedb then 'CREATEDB' end,
       case when rolreplication then 'REPLICATION' end], null), ' ') as has
     from pg_catalog.pg_roles where ${condition}
       and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)`,
    params,
  )
  return rows.map((row) => {
    const has = text(row, 'has').split(' ')
    return unsafe(
      `${text(row, 'rolname')} has ${enumerate(has)}: ${why}`,
      `ALTER ROLE ${text(row, 'name')} ${has.map((attribute) => `NO${attribute}`).join(' ')};`,
    )
  })
}

export const inheritCheck: Check = {
  name: 'login-inherits',
  group: GROUP,
  good: 'it is NOINHERIT: it has no user’s rights before it becomes a user',
  run: async ({ database }) => {
    // PostgreSQL 16 stores INHERIT per membership; pg_has_role handles both.
    const rows = await database.query(
      `select pg_catalog.quote_ident(current_user) as name, r.rolname as granted,
         pg_catalog.quote_ident(r.rolname) as granted_name
       from pg_catalog.pg_auth_members as m
       join pg_catalog.pg_roles as r on r.oid = m.roleid
       where m.member = current_user::pg_catalog.regrole
         and pg_catalog.pg_has_role(current_user, r.oid, 'usage')
       order by 2`,
    )
    return rows.map((row) =>
      unsafe(
        `the login role inherits what ${text(row, 'granted')} may do, so a request that loses its role still has rights`,
        `ALTER ROLE ${text(row, 'name')} NOINHERIT; REVOKE ${text(row, 'granted_name')} FROM ${text(row, 'name')}; GRANT ${text(row, 'granted_name')} TO ${text(row, 'name')};`,
      ),
    )
  },
}

export const membershipCheck: Check = {
  name: 'login-memberships',
  group: GROUP,
  good: 'it can become the request roles and no other',
  run: async ({ database, roles }) => {
    const rows = await database.query(
      `select r.rolname as granted, pg_catalog.quote_ident(r.rolname) as granted_name,
         pg_catalog.quote_ident(current_user) as name
       from pg_catalog.pg_auth_members as m join pg_catalog.pg_roles as r on r.oid = m.roleid
       where m.member = current_user::pg_catalog.regrole and r.rolname <> all ($1::text[])
       order by 1`,
      [textArray(roles)],
    )
    return rows.map((row) =>
      unsafe(
        `the login role can become ${text(row, 'granted')}, which no request needs`,
        `REVOKE ${text(row, 'granted_name')} FROM ${text(row, 'name')};`,
      ),
    )
  },
}

export const ownsCheck: Check = {
  name: 'owns-nothing',
  group: GROUP,
  good: 'neither it nor a request role owns anything: policies do not apply to owners',
  run: async ({ database, roles }) => {
    const rows = await database.query(
      `select r.rolname, pg_catalog.quote_ident(r.rolname) as name, count(*) as objects,
         coalesce(string_agg(d.objid::pg_catalog.regclass::text, ', ')
           filter (where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass), 'no table') as tables
       from pg_catalog.pg_shdepend as d join pg_catalog.pg_roles as r on r.oid = d.refobjid
       where d.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass and d.deptype = 'o'
         and d.dbid in (0, (select oid from pg_catalog.pg_database where datname = current_database()))
         and (r.rolname = current_user or r.rolname = any ($1::text[]))
       group by r.oid, r.rolname order by 1`,
      [textArray(roles)],
    )
    return rows.map((row) =>
      unsafe(
        `${text(row, 'rolname')} owns ${text(row, 'objects')} object(s) (${text(row, 'tables')}), past all policies`,
        `REASSIGN OWNED BY ${text(row, 'name')} TO <the owner of your schema>;`,
      ),
    )
  },
}

export const readsNothingCheck: Check = {
  name: 'login-reads-nothing',
  group: GROUP,
  good: 'it cannot read or write any table itself',
  run: async ({ database }) => {
    const rows = await database.query(
      `select pg_catalog.format('%I.%I', n.nspname, c.relname) as name,
         pg_catalog.quote_ident(current_user) as role
       from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p', 'v', 'm', 'f')
         -- Random numbers by which sessions notice a change of the schema.
         and c.oid is distinct from pg_catalog.to_regclass('proxy_state.schema_version')
         and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
         and pg_catalog.has_schema_privilege(n.oid, 'usage')
         and (pg_catalog.has_any_column_privilege(c.oid, 'select, insert, update, references')
           or pg_catalog.has_table_privilege(c.oid, 'delete, truncate, trigger'
             || case when pg_catalog.current_setting('server_version_num')::int >= 170000
                  then ', maintain' else '' end))
       order by 1`,
    )
    return rows.map((row) =>
      unsafe(
        `the login role has rights on ${text(row, 'name')} itself, before it becomes a user`,
        `REVOKE ALL ON ${text(row, 'name')} FROM ${text(row, 'role')}, PUBLIC;`,
      ),
    )
  },
}
