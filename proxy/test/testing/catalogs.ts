/** Reads out of Postgres' catalogs all that makes up a database but its rows. */
import type { Client } from 'pg'

/** A line for each object: what it is, whose it is, and who may do what with it. */
export async function objectsOf(client: Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ object: string }>(OBJECTS)
  return rows.map(({ object }) => object)
}

/** The three roles, their settings and memberships, which belong to the whole server. */
export async function rolesOf(client: Client): Promise<readonly unknown[]> {
  const { rows } = await client.query<{ role: unknown }>(
    `select to_jsonb(r) - array['oid', 'rolconfig', 'rolpassword'] || jsonb_build_object(
       'settings', array(select unnest(rolconfig) order by 1),
       'is in', array(select roleid::regrole::text from pg_auth_members where member = r.oid order by 1)) as role
     from pg_roles as r where rolname in ('authenticator', 'authenticated', 'anonymous') order by rolname`,
  )
  return rows.map(({ role }) => role)
}

/** A line for each row of the catalogs, which is another one once the row has been written, even as it was. */
export async function catalogRowsOf(client: Client): Promise<readonly string[]> {
  const catalogs = ['pg_class', 'pg_database', 'pg_event_trigger', 'pg_language', 'pg_namespace']
  const more = ['pg_authid', 'pg_auth_members', 'pg_policy', 'pg_proc', 'pg_trigger']
  const selects = [...catalogs, ...more].map(
    (name) => `select '${name} ' || oid, xmin from ${name}`,
  )
  selects.push(
    `select concat_ws(' ', 'pg_attribute', attrelid, attnum), xmin from pg_attribute`,
    `select concat_ws(' ', 'pg_db_role_setting', setdatabase, setrole), xmin from pg_db_role_setting`,
  )
  const { rows } = await client.query<{ row: string }>(
    `select concat_ws(' ', name, xmin) as row from (${selects.join(' union all ')}) as r (name, xmin) order by 1`,
  )
  return rows.map(({ row }) => row)
}

/** Lines of one side alone. */
export function differences(some: readonly string[], others: readonly string[]) {
  const without = (lines: readonly string[], left: readonly string[]) => {
    const known = new Set(left)
    return lines.filter((line) => !known.has(line))
  }
  return { only: without(some, others), missing: without(others, some) }
}

const rights = (acl: string, kind: string, owner: string) =>
  `array(select unnest(coalesce(${acl}, acldefault('${kind}', ${owner})))::text order by 1)::text`

const OBJECTS = `
  with schemas as (
    select * from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
  ),
  relations as (
    select c.*, format('%I.%I', n.nspname, c.relname) as name
    from pg_class as c join schemas as n on n.oid = c.relnamespace
  )
  select concat_ws(' ', 'schema', nspname, nspowner::regrole, ${rights('nspacl', 'n', 'nspowner')}) as object
  from schemas
  union all
  select concat_ws(' ', 'relation', relkind, name, relowner::regrole, ${rights('relacl', 'r', 'relowner')},
    reloptions, relrowsecurity, relforcerowsecurity, obj_description(oid, 'pg_class'))
  from relations
  union all
  select concat_ws(' ', 'column', r.name, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),
    a.attcollation::regcollation, a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attstattarget,
    array(select unnest(a.attacl)::text order by 1))
  from relations as r
  join pg_attribute as a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
  union all
  select concat_ws(' ', 'constraint', r.name, c.conname, pg_get_constraintdef(c.oid))
  from relations as r join pg_constraint as c on c.conrelid = r.oid
  union all
  select concat_ws(' ', 'index', pg_get_indexdef(i.indexrelid), i.indisvalid)
  from relations as r join pg_index as i on i.indrelid = r.oid
  union all
  select concat_ws(' ', 'trigger', pg_get_triggerdef(t.oid), t.tgenabled)
  from relations as r join pg_trigger as t on t.tgrelid = r.oid and not t.tgisinternal
  union all
  select concat_ws(' ', 'policy', to_jsonb(p)) from pg_policies as p
  union all
  select concat_ws(' ', 'function', pg_get_functiondef(p.oid), p.proowner::regrole,
    ${rights('p.proacl', 'f', 'p.proowner')})
  from schemas as n join pg_proc as p on p.pronamespace = n.oid
  union all
  select concat_ws(' ', 'built-in function', oid::regprocedure, ${rights('proacl', 'f', 'proowner')})
  from pg_proc where pronamespace = 'pg_catalog'::regnamespace and proacl is not null
  union all
  select concat_ws(' ', 'event trigger', evtname, evtevent, evtenabled, evtfoid::regprocedure,
    evtowner::regrole, evttags) from pg_event_trigger
  union all
  select concat_ws(' ', 'language', lanname, ${rights('lanacl', 'l', 'lanowner')}) from pg_language
  union all
  select concat_ws(' ', 'database', ${rights('datacl', 'd', 'datdba')})
  from pg_database where datname = current_database()
  union all
  select concat_ws(' ', 'default rights', to_jsonb(d) - 'oid') from pg_default_acl as d
  order by 1`
