/** The tables that a statement names, and the policies that apply to its user there. */
import type { Runner, Turn } from '../postgres/flight'
import { rowSink } from '../postgres/messages'
import type { Command, NamedRelation } from './outline'

export type TableSeen = {
  readonly schema: string
  readonly name: string
  readonly kind: 'table' | 'view'
  /** What the statement does with its rows. */
  readonly commands: readonly Command[]
  /** `owner`: a view that reads with the rights of its owner, past the policies for the user. */
  readonly reads: 'as user' | 'as owner'
  readonly isRowSecurityOn: boolean
  readonly policies: readonly PolicySeen[]
}

export type PolicySeen = {
  readonly name: string
  readonly command: Command | 'all'
  readonly isPermissive: boolean
  readonly using: string | null
  readonly withCheck: string | null
}

export type Looked = {
  readonly tables: readonly TableSeen[]
  readonly mayAskUserId: boolean
}

/** Of one statement or batch; a trace is for reading. */
const MOST_TABLES = 20
const MOST_POLICIES = 200

/** `0` in polroles is PUBLIC. The casts to text are for `rowSink`, which reads text. */
const LOOK_UP = `select named.position, n.nspname, c.relname, c.relrowsecurity, c.relkind = 'v',
    c.relkind = 'v' and coalesce(not 'security_invoker=true' = any (c.reloptions)
      and not 'security_invoker=on' = any (c.reloptions), true),
    p.polname, p.polcmd, p.polpermissive,
    pg_catalog.pg_get_expr(p.polqual, p.polrelid), pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)
  from unnest($1::text[], $2::text[]) with ordinality as named(schema, name, position)
  join pg_catalog.pg_class c on c.relname = named.name and c.relkind in ('r', 'p', 'v')
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    and case named.schema when '' then pg_catalog.pg_table_is_visible(c.oid) else n.nspname = named.schema end
  left join pg_catalog.pg_policy p on p.polrelid = c.oid and exists (
    select from unnest(p.polroles) as role
    where case role when 0 then true else pg_catalog.pg_has_role($3, role, 'usage') end)
  where pg_catalog.has_schema_privilege($3, n.oid, 'usage')
    and (pg_catalog.has_table_privilege($3, c.oid, 'select, insert, update, delete')
      or pg_catalog.has_any_column_privilege($3, c.oid, 'select, insert, update'))
  order by named.position, n.nspname, p.polname
  limit ${MOST_POLICIES}`

/** Postgres resolves the names when it parses the statement, so the look-up is a string's. */
const MAY_ASK = `select pg_catalog.has_schema_privilege($1, oid, 'usage') and coalesce((
    select pg_catalog.has_function_privilege($1, p.oid, 'execute') from pg_catalog.pg_proc p
    where p.pronamespace = n.oid and p.proname = 'user_id' and p.pronargs = 0), false)
  from pg_catalog.pg_namespace n where nspname = 'auth'`

/** @param connection outside a transaction, so that the queries run as the login role */
export async function lookUp(
  connection: Runner,
  named: readonly NamedRelation[],
  role: string,
  turn: Turn,
): Promise<Looked> {
  const relations = named.slice(0, MOST_TABLES)
  const tables = new Map<string, TableSeen & { readonly policies: PolicySeen[] }>()
  let mayAskUserId = false
  const readTable = rowSink(
    ([
      position,
      schema,
      name,
      isOn,
      isView,
      asOwner,
      policy,
      command,
      isPermissive,
      using,
      withCheck,
    ]) => {
      const key = `${position ?? ''} ${schema ?? ''}`
      const table = tables.get(key) ?? {
        schema: schema ?? '',
        name: name ?? '',
        kind: isView === 't' ? 'view' : 'table',
        commands: relations[Number(position) - 1]?.commands ?? [],
        reads: asOwner === 't' ? 'as owner' : 'as user',
        isRowSecurityOn: isOn === 't',
        policies: [],
      }
      tables.set(key, table)
      if (policy == null) return
      table.policies.push({
        name: policy,
        command: COMMANDS[command ?? ''] ?? 'all',
        isPermissive: isPermissive === 't',
        using: using ?? null,
        withCheck: withCheck ?? null,
      })
    },
  )
  const steps = [
    {
      sql: LOOK_UP,
      params: [
        arrayOf(relations.map(({ schema }) => schema ?? '')),
        arrayOf(relations.map(({ name }) => name)),
        role,
      ],
      sink: readTable,
    },
    {
      sql: MAY_ASK,
      params: [role],
      sink: rowSink(([may]) => {
        mayAskUserId = may === 't'
      }),
    },
  ]
  await connection.run(steps, turn)
  return { tables: [...tables.values()], mayAskUserId }
}

/** pg_policy.polcmd */
const COMMANDS: Readonly<Record<string, Command>> = {
  r: 'select',
  a: 'insert',
  w: 'update',
  d: 'delete',
}

function arrayOf(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`
}
