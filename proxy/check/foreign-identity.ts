/**
 * Policies, defaults and views take the user's identity from this proxy, not from settings of other
 * systems (`request.jwt.claims` of PostgREST and Supabase, `app.user_id`), which are not set here.
 */
import { enumerate, unsafe, type Check, type Finding, type Subject } from './check'
import { text, textArray, type Row } from './database'
import { overConditions } from './policy-conditions'
import {
  asList,
  asTree,
  constantOf,
  entries,
  find,
  functionName,
  looksAtRow,
  parseExpression,
  parseStatement,
} from './policy-expression'
import { REACHED } from './relations'

type OwnFunction = { readonly name: string; readonly bare: string; readonly body: string }

const FIX =
  "Write (select auth.user_id()) in its place, or for another claim (select auth.session() ->> '<claim>')."

export const identityCheck: Check = {
  name: 'policy-identity',
  group: 'Policies',
  good: 'policies, defaults and views take the user from the proxy’s own functions',
  run: async (subject) => {
    const functions = await ownFunctions(subject)
    const places: { readonly where: string; readonly table: string; readonly asks: Asks }[] = []
    await overConditions(subject, ({ policy: { name, table }, tree }) => {
      places.push({ where: `the policy ${name} on ${table}`, table, asks: asksOf(tree, functions) })
      return undefined
    })
    for (const row of await expressions(subject)) {
      const sql = text(row, 'sql')
      const tree =
        row.kind === 'view'
          ? await parseStatement(subject.parser, sql)
          : await parseExpression(subject.parser, sql)
      const [where, table] = [text(row, 'what'), text(row, 'name')]
      if (tree !== undefined) places.push({ where, table, asks: asksOf(tree, functions) })
    }
    const unset = await settingsThatNobodySets(
      subject,
      places.flatMap(({ asks }) => [...asks.settings.keys()]),
    )
    return places.flatMap(({ where, table, asks }): Finding[] => {
      const settings = [...asks.settings].filter(([name]) => unset.has(name))
      const calls = settings.map(
        ([name, through]) =>
          `current_setting('${name}')${through === undefined ? '' : ` (in ${through}())`}`,
      )
      const findings: Finding[] = []
      if (calls.length > 0) {
        findings.push(
          unsafe(
            `${where} asks ${enumerate(calls)}, which nobody sets here: it never sees a user`,
            FIX,
            table,
          ),
        )
      }
      if (asks.role) {
        findings.push(
          unsafe(
            `${where} compares a column with the current role, which is the same for every user`,
            FIX,
            table,
          ),
        )
      }
      return findings
    })
  },
}

type Asks = {
  /** Setting → the owner's function that reads it, unless it is read directly. */
  readonly settings: ReadonlyMap<string, string | undefined>
  /** Whether a column is compared with CURRENT_USER or a similar value. */
  readonly role: boolean
}

function asksOf(tree: unknown, functions: readonly OwnFunction[]): Asks {
  const settings = new Map<string, string | undefined>()
  const calls = find(tree, 'FuncCall')
  for (const call of calls) {
    const setting = constantOf(asList(call.args)[0])
    if (/(^|\.)current_setting$/.test(functionName(call)) && typeof setting === 'string') {
      settings.set(setting.toLowerCase(), undefined)
    }
  }
  const called = new Set<OwnFunction>()
  const follow = (name: string) => {
    for (const own of functions) {
      if ((own.name !== name && own.bare !== name) || called.has(own)) continue
      called.add(own)
      for (const [, setting = ''] of own.body.matchAll(/current_setting\s*\(\s*E?'([^']+)'/gi)) {
        if (!settings.has(setting.toLowerCase())) settings.set(setting.toLowerCase(), own.name)
      }
      for (const [, next = ''] of own.body.matchAll(/([a-z_][\w$]*(?:\.[a-z_][\w$]*)?)\s*\(/gi)) {
        follow(next.toLowerCase())
      }
    }
  }
  for (const call of calls) follow(functionName(call))
  return { settings, role: comparesRole(tree) }
}

function comparesRole(tree: unknown): boolean {
  return find(tree, 'A_Expr').some(({ lexpr, rexpr }) =>
    [
      [lexpr, rexpr],
      [rexpr, lexpr],
    ].some(([one, other]) => isRole(one) && looksAtRow(other)),
  )
}

/** CURRENT_USER, SESSION_USER, CURRENT_ROLE and USER, also within a cast or a sub-select. */
function isRole(value: unknown): boolean {
  const [[type, child] = ['', {}]] = entries(value)
  const node = asTree(child)
  if (type === 'TypeCast') return isRole(node.arg)
  if (type === 'SubLink') {
    const { targetList } = asTree(asTree(node.subselect).SelectStmt)
    return isRole(asTree(asTree(asList(targetList)[0]).ResTarget).val)
  }
  return type === 'SQLValueFunction' && /USER|ROLE/.test(String(node.op))
}

async function ownFunctions({ database }: Subject): Promise<OwnFunction[]> {
  const rows = await database.query(
    `select n.nspname || '.' || p.proname as name, p.proname as bare,
       coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc) as body
     from pg_catalog.pg_proc as p join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
     where n.nspname <> 'information_schema' and n.nspname !~ '^pg_'`,
  )
  return rows.map((row) => ({
    name: text(row, 'name'),
    bare: text(row, 'bare'),
    body: text(row, 'body'),
  }))
}

/** Column defaults and view queries that requests can reach. */
async function expressions({ database, roles }: Subject): Promise<readonly Row[]> {
  return database.query(
    `with ${REACHED}
     select distinct 'default' as kind, reached.name,
       pg_catalog.format('the default of %s.%I', reached.name, a.attname) as what,
       pg_catalog.pg_get_expr(d.adbin, d.adrelid) as sql
     from reached
     join pg_catalog.pg_attrdef as d on d.adrelid = reached.oid
     join pg_catalog.pg_attribute as a on a.attrelid = d.adrelid and a.attnum = d.adnum
     where reached.may <> '{}'
     union all
     select distinct 'view', reached.name, 'the view ' || reached.name, pg_catalog.pg_get_viewdef(reached.oid)
     from reached where relkind = 'v' and reached.may <> '{}'
     order by 3`,
    [textArray(roles)],
  )
}

async function settingsThatNobodySets(
  { database }: Subject,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await database.query(
    `select name from pg_catalog.unnest($1::text[]) as name
     where name <> 'auth.session_token' and pg_catalog.current_setting(name, true) is null`,
    [textArray(names)],
  )
  return new Set(rows.map((row) => text(row, 'name')))
}
