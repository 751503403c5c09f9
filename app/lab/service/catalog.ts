/** What the catalogs of a world say about the tables that users reach, and what `proxy:check` finds there. */
import type { Client } from 'pg'
import { z } from 'zod'
import { CHECKS, runChecks } from '../../../proxy/check/run'
import { catalog, type Catalog, type Finding } from './api'
import { onServer } from './databases'
import { sentenceOf } from './sentence'
import type { World } from './world'

const row = z.object({
  name: z.string(),
  kind: z.enum(['table', 'view']),
  rowSecurity: z.boolean(),
  definition: z.string().nullable(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  policies: z.array(
    z.object({
      name: z.string(),
      command: z.enum(['select', 'insert', 'update', 'delete', 'all']),
      roles: z.array(z.string()),
      permissive: z.boolean(),
      using: z.string().nullable(),
      withCheck: z.string().nullable(),
    }),
  ),
  grants: catalog.shape.tables.element.shape.grants,
})

/** In `public`, with a path that makes Postgres name every schema but that and its own. */
const TABLES = `
  select c.relname as name,
    case when c.relkind = 'v' then 'view' else 'table' end as kind,
    c.relrowsecurity as "rowSecurity",
    case when c.relkind = 'v' then pg_get_viewdef(c.oid, true) end as definition,
    (select coalesce(json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod))
        order by a.attnum), '[]')
      from pg_attribute as a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
    (select coalesce(json_agg(json_build_object(
        'name', p.polname,
        'command', case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update'
          when 'd' then 'delete' else 'all' end,
        'roles', array(select case when r = 0 then 'public' else r::regrole::text end from unnest(p.polroles) as r),
        'permissive', p.polpermissive,
        'using', pg_get_expr(p.polqual, p.polrelid),
        'withCheck', pg_get_expr(p.polwithcheck, p.polrelid))
        order by array_position('{r,a,w,d,*}', p.polcmd), p.polname), '[]')
      from pg_policy as p where p.polrelid = c.oid) as policies,
    (select coalesce(json_agg(json_build_object('role', role, 'privilege', privilege, 'columns', columns)
        order by role, privilege), '[]')
      from (
        select coalesce(nullif(g.grantee, 0)::regrole::text, 'public') as role, g.privilege_type as privilege,
          null::text[] as columns
        from aclexplode(c.relacl) as g
        union all
        select coalesce(nullif(g.grantee, 0)::regrole::text, 'public'), g.privilege_type,
          array_agg(a.attname::text order by a.attnum)
        from pg_attribute as a, aclexplode(a.attacl) as g
        where a.attrelid = c.oid and not a.attisdropped
        group by 1, 2
      ) as granted
      where role in ('authenticated', 'anonymous', 'moderator', 'public')) as grants
  from pg_class as c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')
  order by c.relname`

export async function readCatalog({ scratch, config }: World): Promise<Catalog> {
  const [tables, findings] = await Promise.all([
    onServer(scratch.ownerUrl, readTables),
    findingsOf(config),
  ])
  const isAbout = (name: string) => (finding: Finding) =>
    new RegExp(`(^|[^\\w])(public\\.)?"?${name}"?($|[^\\w])`).test(finding.about ?? finding.what)
  return {
    tables: tables.map((table) => ({ ...table, findings: findings.filter(isAbout(table.name)) })),
    findings: findings.filter((finding) => !tables.some(({ name }) => isAbout(name)(finding))),
  }
}

async function readTables(client: Client) {
  const { rows } = await client.query(TABLES)
  return z
    .array(row)
    .parse(rows)
    .map(({ policies, ...table }) => ({
      ...table,
      policies: policies.map((policy) => ({
        ...policy,
        sql: createPolicy(table.name, policy),
        sentence: sentenceOf(policy),
      })),
    }))
}

type Read = z.infer<typeof row>['policies'][number]

function createPolicy(table: string, { name, command, roles, permissive, ...rest }: Read): string {
  const lines = [
    `create policy "${name}" on ${table}${permissive ? '' : ' as restrictive'}`,
    `  for ${command} to ${roles.join(', ')}`,
    ...(rest.using === null ? [] : [`  using ${inParentheses(rest.using)}`]),
    ...(rest.withCheck === null ? [] : [`  with check ${inParentheses(rest.withCheck)}`]),
  ]
  return `${lines.join('\n')};`
}

const inParentheses = (text: string) => (text.startsWith('(') ? text : `(${text})`)

const OF_DATABASE = new Set(CHECKS.map(({ name }) => name))

/** The checks of the proxy's own settings are about the app's proxy, which this is not. */
async function findingsOf(config: World['config']): Promise<Finding[]> {
  const outcomes = await runChecks(config)
  return outcomes
    .filter(({ name }) => OF_DATABASE.has(name))
    .flatMap(({ name, findings }) =>
      findings.map(({ level, what, fix, about }) => ({
        ...{ check: name, level, what, fix },
        ...(about === undefined ? {} : { about }),
      })),
    )
}
