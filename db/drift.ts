/**
 * Finds where the database is not what the Drizzle schema declares: tables, columns, checks, row-level
 * security and policies. Postgres itself puts both into the same words: each declared table is made as a
 * temporary one, in a transaction that is rolled back, and the catalog's entries are compared.
 */
import { is, SQL } from 'drizzle-orm'
import {
  getTableConfig,
  PgDialect,
  PgPolicy,
  PgRole,
  PgTable,
  type PgColumn,
} from 'drizzle-orm/pg-core'
import { escapeIdentifier, escapeLiteral, type Client } from 'pg'
import { z } from 'zod'
import { unsafe, weak, type Finding } from '../proxy/check/check'

type Connection = Pick<Client, 'query'>
type Table = ReturnType<typeof getTableConfig>

const PUSH =
  'Run `npm run db:generate` and `npm run db:migrate`. Never `drizzle-kit push`: it leaves conditions of policies out, and changes of them too.'

/** @param schema the exports of a Drizzle schema */
export async function findDrift(
  client: Connection,
  schema: Readonly<Record<string, unknown>>,
): Promise<Finding[]> {
  const values = Object.values(schema)
  const linked = values.filter((value) => is(value, PgPolicy))
  const findings: Finding[] = []
  await client.query('begin')
  try {
    for (const table of values.filter((value) => is(value, PgTable))) {
      const config = getTableConfig(table)
      const policies = [...config.policies, ...linked.filter((policy) => linkOf(policy) === table)]
      await client.query('savepoint before')
      findings.push(...(await compare(client, config, [...new Set(policies)])))
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
): Promise<Finding[]> {
  const name = `${escapeBare(table.schema ?? 'public')}.${escapeBare(table.name)}`
  const { rows } = await client.query<{ found: string | null }>('select to_regclass($1) as found', [
    name,
  ])
  if (rows[0]?.found == null) {
    return [weak(`db/schema.ts declares the table ${name}, and the database has none`, PUSH, name)]
  }
  // Last, so that sub-selects in policies mean the real tables.
  await client.query(
    `select set_config('search_path', current_setting('search_path') || ', pg_temp', true)`,
  )
  const temporary = `pg_temp.${escapeIdentifier(table.name)}`
  try {
    await client.query(`create temporary table ${temporary} (${definitions(table).join(', ')})`)
    if (table.enableRLS || policies.length > 0) {
      await client.query(`alter table ${temporary} enable row level security`)
    }
    for (const policy of policies) await client.query(createPolicy(policy, temporary))
  } catch (error) {
    const why = error instanceof Error ? error.message : 'no reason was given'
    return [
      weak(`${name} was not compared with db/schema.ts, which declares it: ${why}`, PUSH, name),
    ]
  }
  await client.query(`set local search_path = pg_catalog`)
  const [declared, found] = [await describe(client, temporary), await describe(client, name)]
  return [...declared.keys(), ...found.keys()]
    .filter((key, i, keys) => keys.indexOf(key) === i)
    .flatMap((key): Finding[] => {
      const [right, real] = [declared.get(key), found.get(key)]
      if (right === real) return []
      const sentence =
        real === undefined
          ? `${key} of ${name} is missing in the database: ${right ?? ''}`
          : right === undefined
            ? `${key} of ${name} is not declared in db/schema.ts: ${real}`
            : `${key} of ${name} is not what db/schema.ts declares: ${real} instead of ${right}`
      const isAboutRows = /^(row-level security|the policy)/.test(key)
      return [(isAboutRows ? unsafe : weak)(sentence, PUSH, name)]
    })
}

const description = z.object({ what: z.string(), is: z.string() })

/** All that is compared, by what it is called. */
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
     from pg_constraint where conrelid = $1::regclass and contype = 'c'`,
    [table],
  )
  return new Map(
    z
      .array(description)
      .parse(rows)
      .map(({ what, is: value }) => [what, value]),
  )
}

function definitions(table: Table): string[] {
  const key = new Set(table.primaryKeys.flatMap(({ columns }) => columns.map(({ name }) => name)))
  return [
    ...table.columns.map((column) =>
      [
        escapeIdentifier(column.name),
        column.getSQLType(),
        column.notNull || column.primary || key.has(column.name) ? 'not null' : '',
        generation(column),
      ].join(' '),
    ),
    ...table.checks.map(
      ({ name, value }) => `constraint ${escapeIdentifier(name)} check (${textOf(value)})`,
    ),
  ]
}

function generation(column: PgColumn): string {
  if (column.generatedIdentity !== undefined) {
    return `generated ${column.generatedIdentity.type === 'always' ? 'always' : 'by default'} as identity`
  }
  if (column.generated !== undefined) {
    const { as } = column.generated
    const expression: unknown = typeof as === 'function' ? (as as () => unknown)() : as
    return `generated always as (${is(expression, SQL) ? textOf(expression) : String(expression)}) stored`
  }
  const value: unknown = column.default
  if (value === undefined) return ''
  if (is(value, SQL)) return `default ${textOf(value)}`
  const plain: unknown = typeof value === 'object' ? column.mapToDriverValue(value) : value
  return `default ${escapeLiteral(typeof plain === 'string' ? plain : JSON.stringify(plain))}`
}

function createPolicy(policy: PgPolicy, table: string): string {
  const roles: unknown[] = [policy.to ?? 'public'].flat()
  const names = roles.flatMap((role) =>
    is(role, PgRole) ? [role.name] : typeof role === 'string' ? [role] : [],
  )
  return [
    `create policy ${escapeIdentifier(policy.name)} on ${table}`,
    `as ${policy.as ?? 'permissive'} for ${policy.for ?? 'all'}`,
    `to ${names.map((name) => (/^(public|current_user|current_role|session_user)$/i.test(name) ? name : escapeIdentifier(name))).join(', ')}`,
    policy.using === undefined ? '' : `using (${textOf(policy.using)})`,
    policy.withCheck === undefined ? '' : `with check (${textOf(policy.withCheck)})`,
  ].join(' ')
}

const dialect = new PgDialect()

const textOf = (value: SQL): string => dialect.sqlToQuery(value.inlineParams()).sql

/** As Postgres' quote_ident() writes plain names, which is how the other checks call tables. */
function escapeBare(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : escapeIdentifier(name)
}

/** The table of a policy that is declared by itself, with link(). */
function linkOf(policy: PgPolicy): unknown {
  return '_linkedTable' in policy ? policy._linkedTable : undefined
}
