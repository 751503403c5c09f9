/**
 * Finds where the database is not what the Drizzle schema declares: tables with their columns,
 * constraints, indexes, policies, row quotas and live rows, enums and views. Postgres itself puts both into the same
 * words: each declared table or view is made as a temporary one, in a transaction that is rolled back, and
 * the catalog's entries are compared.
 */
import { is } from 'drizzle-orm'
import { getTableConfig, isPgEnum, PgPolicy, PgTable } from 'drizzle-orm/pg-core'
import { escapeIdentifier, type Client } from 'pg'
import { z } from 'zod'
import { unsafe, weak, type Finding } from '../proxy/check/check'
import {
  createIndex,
  createPolicy,
  declaredViews,
  definitions,
  foreignKeysOf,
  escapeBare,
  qualified,
  textOf,
  type Table,
  type View,
} from './declared'
import { audienceOf, declaredFunctions, declaredLiveRows, nameOf } from './install-live-rows'
import { declaredQuotas } from './install-quotas'
import type { LiveRows } from './live-rows'
import type { RowQuota } from './row-quota'

type Connection = Pick<Client, 'query'>

const PUSH =
  'Run `npm run db:generate` and `npm run db:migrate`. Never `drizzle-kit push`: it leaves conditions of policies out, and changes of them too.'

/**
 * @param schema the exports of a Drizzle schema
 * @param isLive whether a proxy answers live queries: otherwise, no rows are to be live
 */
export async function findDrift(
  client: Connection,
  schema: Readonly<Record<string, unknown>>,
  isLive: boolean,
): Promise<Finding[]> {
  const values = Object.values(schema)
  const linked = values.filter((value) => is(value, PgPolicy))
  const quotas = declaredQuotas(schema)
  const live = isLive ? declaredLiveRows(schema) : []
  const findings: Finding[] = []
  await client.query('begin')
  try {
    for (const { schema: namespace, enumName, enumValues } of values.filter(isPgEnum)) {
      findings.push(...(await compareEnum(client, qualified(namespace, enumName), enumValues)))
    }
    for (const table of values.filter((value) => is(value, PgTable))) {
      const config = getTableConfig(table)
      const policies = [...config.policies, ...linked.filter((policy) => linkOf(policy) === table)]
      const quota = quotas.findLast(({ owner }) => owner.table === table)
      await client.query('savepoint before')
      const rows = live.findLast((declared) => declared.table === table)
      findings.push(...(await compare(client, config, [...new Set(policies)], quota, rows)))
      await client.query('rollback to before')
    }
    for (const { signature, reads } of declaredFunctions(schema)) {
      findings.push(...(await compareFunction(client, signature, reads.map(nameOf))))
    }
    for (const view of declaredViews(values)) {
      await client.query('savepoint before')
      findings.push(...(await compareView(client, view)))
      await client.query('rollback to before')
    }
  } finally {
    await client.query('rollback')
  }
  return findings
}

async function compare(
  client: Connection,
  table: Table,
  policies: readonly PgPolicy[],
  quota: RowQuota | undefined,
  live: LiveRows | undefined,
): Promise<Finding[]> {
  const name = qualified(table.schema, table.name)
  if (!(await exists(client, name))) return [missing('table', name)]
  await lookUpTemporaryLast(client)
  const temporary = `pg_temp.${escapeIdentifier(table.name)}`
  try {
    await client.query(`create temporary table ${temporary} (${definitions(table).join(', ')})`)
    if (table.enableRLS || policies.length > 0) {
      await client.query(`alter table ${temporary} enable row level security`)
    }
    for (const policy of policies) await client.query(createPolicy(policy, temporary))
    for (const index of table.indexes) await client.query(createIndex(index, table, temporary))
  } catch (error) {
    return [notCompared(name, error)]
  }
  await client.query(`set local search_path = pg_catalog`)
  const [declared, found] = [await describe(client, temporary), await describe(client, name)]
  const keysFound = await liveKeys(client, name)
  if (keysFound !== undefined) found.set(LIVE, keysFound)
  for (const [key, is] of foreignKeysOf(table)) {
    declared.set(`the constraint ${escapeBare(key)}`, is)
  }
  if (quota !== undefined) {
    const owner = escapeBare(quota.owner.name)
    declared.set('the row quota', `${quota.maxRows} rows with the same ${owner}`)
  }
  if (live !== undefined) {
    const keys = live.keys.map((key) => [key.column.name, audienceOf(key) ?? USER_ID])
    declared.set(LIVE, liveText(keys.map(([column, of]) => `${column} is ${of}`)))
  }
  return differences(name, declared, found)
}

const LIVE = 'what makes its rows live'
const USER_ID = 'the user’s id'

/** What private.watch_rows() has installed; undefined for a table that is not watched. */
async function liveKeys(client: Connection, table: string): Promise<string | undefined> {
  const { rowCount } = await client.query(
    `select where to_regprocedure('auth.watched_tables()') is not null`,
  )
  if (rowCount === 0) return undefined
  const { rows } = await client.query<{ key: string | null }>(
    `select key_column || ' is ' || coalesce(audience, $2) as key
     from auth.watched_tables() where relation = $1::regclass`,
    [table, USER_ID],
  )
  if (rows.length === 0) return undefined
  return liveText(rows.flatMap(({ key }) => (key === null ? [] : [key])))
}

function liveText(keys: readonly string[]): string {
  return keys.length === 0 ? 'every change, for everybody' : [...keys].sort().join(', ')
}

async function compareFunction(
  client: Connection,
  signature: string,
  reads: readonly string[],
): Promise<Finding[]> {
  const { rows } = await client.query<{ relation: string | null }>(
    `select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as relation
     from auth.live_functions() as f
     left join (pg_class as c join pg_namespace as n on n.oid = c.relnamespace) on c.oid = f.relation
     where f.function = to_regprocedure($1)`,
    [signature],
  )
  const known = rows.flatMap(({ relation }) => relation ?? []).sort()
  const isDeclared = rows.length > 0 && known.join() === [...reads].sort().join()
  if (isDeclared) return []
  return [
    weak(
      `live queries are not told what db/schema declares that ${signature} reads`,
      'Run `npm run db:migrate`.',
      signature,
    ),
  ]
}

async function compareEnum(
  client: Connection,
  name: string,
  labels: readonly string[],
): Promise<Finding[]> {
  const { rows } = await client.query<{ labels: string[] | null }>(
    `select array_agg(enumlabel::text order by enumsortorder) as labels
     from pg_catalog.pg_enum where enumtypid = pg_catalog.to_regtype($1)`,
    [name],
  )
  const found = rows[0]?.labels
  if (found == null) return [missing('enum', name)]
  const values = (all: readonly string[]) => new Map([['the list of values', all.join(', ')]])
  return differences(name, values(labels), values(found))
}

async function compareView(client: Connection, { name, options, query }: View): Promise<Finding[]> {
  if (!(await exists(client, name))) return [missing('view', name)]
  await lookUpTemporaryLast(client)
  const temporary = 'pg_temp.declared_view'
  try {
    const settings = options.length > 0 ? `with (${options.join(', ')})` : ''
    await client.query(`create temporary view declared_view ${settings} as ${textOf(query)}`)
  } catch (error) {
    return [notCompared(name, error)]
  }
  await client.query(`set local search_path = pg_catalog`)
  return differences(name, await describeView(client, temporary), await describeView(client, name))
}

async function exists(client: Connection, name: string): Promise<boolean> {
  const { rows } = await client.query<{ found: string | null }>('select to_regclass($1) as found', [
    name,
  ])
  return rows[0]?.found != null
}

/** Temporary tables come last, so that sub-selects in policies and views refer to the real tables. */
async function lookUpTemporaryLast(client: Connection): Promise<void> {
  await client.query(
    `select set_config('search_path', current_setting('search_path') || ', pg_temp', true)`,
  )
}

const missing = (kind: string, name: string) =>
  weak(`db/schema declares the ${kind} ${name}, and the database has none`, PUSH, name)

function notCompared(name: string, error: unknown): Finding {
  const why = error instanceof Error ? error.message : 'no reason was given'
  return weak(`${name} was not compared with db/schema, which declares it: ${why}`, PUSH, name)
}

type Description = ReadonlyMap<string, string>

function differences(name: string, declared: Description, found: Description): Finding[] {
  return [...new Set([...declared.keys(), ...found.keys()])].flatMap((key): Finding[] => {
    const [right, real] = [declared.get(key), found.get(key)]
    if (right === real) return []
    const sentence =
      real === undefined
        ? `${key} of ${name} is missing in the database: ${right ?? ''}`
        : right === undefined
          ? `${key} of ${name} is not declared in db/schema: ${real}`
          : `${key} of ${name} is not what db/schema declares: ${real} instead of ${right}`
    // These decide which rows a user sees.
    const isAboutRows = /^(row-level security|the policy|the query|the options)/.test(key)
    return [(isAboutRows ? unsafe : weak)(sentence, PUSH, name)]
  })
}

const description = z.object({ what: z.string(), is: z.string() })

/** Everything to compare, by name. */
async function describe(client: Connection, table: string): Promise<Map<string, string>> {
  const { rows } = await client.query(
    `select 'row-level security' as what, case when relrowsecurity then 'enabled' else 'disabled' end as is
     from pg_class where oid = $1::regclass
     union all
     select format('the policy %I', polname), concat_ws(' ',
       case when polpermissive then 'permissive' else 'restrictive' end,
       case polcmd when 'r' then 'for select' when 'a' then 'for insert' when 'w' then 'for update'
         when 'd' then 'for delete' else 'for all' end,
       'to ' || (select string_agg(case role when 0 then 'public' else role::regrole::text end, ', ' order by role)
         from unnest(polroles) as role),
       'using (' || pg_get_expr(polqual, polrelid) || ')',
       'with check (' || pg_get_expr(polwithcheck, polrelid) || ')')
     from pg_policy where polrelid = $1::regclass
     union all
     select format('the column %I', a.attname), concat_ws(' ', format_type(a.atttypid, a.atttypmod),
       case when a.attnotnull then 'not null' end,
       case a.attidentity when 'a' then 'identity always' when 'd' then 'identity by default' end,
       case a.attgenerated when '' then 'default ' else 'generated ' end
         -- A sequence of its own has another name for a temporary table.
         || case when pg_get_expr(d.adbin, d.adrelid) like 'nextval(%' then 'nextval'
            else pg_get_expr(d.adbin, d.adrelid) end)
     from pg_attribute as a
     left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped
     union all
     select format('the constraint %I', conname), pg_get_constraintdef(oid)
     from pg_constraint where conrelid = $1::regclass and contype in ('c', 'p', 'u', 'x')
     union all
     select format('the constraint %I', conname), concat(
       'foreign key (', (select string_agg(quote_ident(a.attname), ', ' order by k.place)
         from unnest(conkey) with ordinality as k (number, place)
         join pg_attribute as a on a.attrelid = conrelid and a.attnum = k.number),
       ') references ', confrelid::regclass,
       ' (', (select string_agg(quote_ident(a.attname), ', ' order by k.place)
         from unnest(confkey) with ordinality as k (number, place)
         join pg_attribute as a on a.attrelid = confrelid and a.attnum = k.number),
       ') on update ', ${action('confupdtype')}, ' on delete ', ${action('confdeltype')},
       case when confmatchtype = 'f' then ' match full' end,
       case when condeferrable then ' deferrable' end, case when not convalidated then ' not valid' end)
     from pg_constraint where conrelid = $1::regclass and contype = 'f' and conparentid = 0
     union all
     -- Without the names of the table and its schema, which is another for a temporary one.
     select format('the index %I', c.relname), concat(case when i.indisunique then 'unique ' end,
       substring(pg_get_indexdef(i.indexrelid) from ' USING (.*)$'),
       case when not i.indisvalid then ', which is invalid' end)
     from pg_index as i join pg_class as c on c.oid = i.indexrelid
     where i.indrelid = $1::regclass
       and not exists (select from pg_constraint where conindid = i.indexrelid and contype in ('p', 'u', 'x'))
     union all
     -- private.limit_rows() writes the limit into a function of each table, and makes four triggers.
     select 'the row quota', concat(
       substring(min(p.prosrc) from 'total > (\\d+)'), ' rows with the same ',
       substring(min(pg_get_triggerdef(t.oid)) filter (where t.tgname = 'row_quota_update')
         from '[(]old[.](.+?) IS DISTINCT FROM'),
       case when count(*) filter (where t.tgenabled in ('O', 'A')) < 4 then ', not enforced by all of its triggers' end)
     from pg_trigger as t join pg_proc as p on p.oid = t.tgfoid
     where t.tgrelid = $1::regclass and t.tgname ~ '^row_quota_(insert|delete|update|truncate)$'
     having count(*) > 0`,
    [table],
  )
  return read(rows)
}

async function describeView(client: Connection, view: string): Promise<Map<string, string>> {
  const { rows } = await client.query(
    `select 'the query' as what, pg_get_viewdef($1::regclass) as is
     union all
     select 'the options', coalesce((select string_agg(regexp_replace(option, '=(on|yes|1)$', '=true'), ', ' order by option)
       from unnest(reloptions) as option), 'none')
     from pg_class where oid = $1::regclass`,
    [view],
  )
  return read(rows)
}

function read(rows: readonly unknown[]): Map<string, string> {
  return new Map(
    z
      .array(description)
      .parse(rows)
      .map(({ what, is: value }) => [what, value]),
  )
}

const action = (column: string) =>
  `case ${column} when 'a' then 'no action' when 'r' then 'restrict' when 'c' then 'cascade'
     when 'n' then 'set null' when 'd' then 'set default' end`

/** The table of a policy that was declared separately, with link(). */
function linkOf(policy: PgPolicy): unknown {
  return '_linkedTable' in policy ? policy._linkedTable : undefined
}
