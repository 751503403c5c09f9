/** Reports what SECURITY DEFINER functions reach past the policies. */
import { AUTH_FUNCTIONS } from '../src/gate/functions'
import type { Parser } from '../src/gate/parser'
import { enumerate, weak, type Check } from './check'
import { text, textArray } from './database'
import { asTree, find, functionName, parseStatement } from './policy-expression'

export const definerReachCheck: Check = {
  name: 'definer-reach',
  group: 'Functions',
  good: 'of the functions that users may execute, only the proxy’s own in the schema auth run with another’s rights (SECURITY DEFINER)',
  run: async ({ database, roles, parser }) => {
    const rows = await database.query(
      `select string_agg(distinct r.rolname, ' ' order by r.rolname) as roles,
         p.oid::pg_catalog.regprocedure::text as name, n.nspname || '.' || p.proname as full_name,
         pg_catalog.format('%I.%I', n.nspname, p.proname) as quoted,
         p.pronargs, l.lanname as language, owner.rolname as owner,
         coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc) as body
       from pg_catalog.pg_proc as p
       join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
       join pg_catalog.pg_language as l on l.oid = p.prolang
       join pg_catalog.pg_roles as owner on owner.oid = p.proowner
       join pg_catalog.pg_roles as r on r.rolname = any ($1::text[])
       where p.prosecdef and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
         -- Triggers are called by what fires them alone.
         and p.prorettype not in ('pg_catalog.trigger'::pg_catalog.regtype, 'pg_catalog.event_trigger'::pg_catalog.regtype)
         and pg_catalog.has_schema_privilege(r.oid, n.oid, 'usage')
         and pg_catalog.has_function_privilege(r.oid, p.oid, 'execute')
       group by p.oid, p.prosrc, p.pronargs, n.nspname, p.proname, l.lanname, owner.rolname order by 2`,
      [textArray(roles)],
    )
    const findings = []
    for (const row of rows) {
      if (AUTH_FUNCTIONS.has(text(row, 'full_name')) && row.pronargs === '0') continue
      const name = text(row, 'name')
      const reach =
        row.language === 'sql'
          ? describe(await reachOf(parser, text(row, 'body')))
          : `what it reaches is unknown (its language is ${text(row, 'language')})`
      findings.push(
        weak(
          `${enumerate(text(row, 'roles').split(' '))} may execute ${name} with the rights of ${text(row, 'owner')}, past policies: ${reach}`,
          `Make sure that it gives each user only what is theirs: where (select auth.user_id()) = … in its body. If users need not call it: REVOKE EXECUTE ON FUNCTION ${name} FROM PUBLIC, ${roles.join(', ')};`,
          text(row, 'quoted'),
        ),
      )
    }
    return findings
  },
}

type Reach = {
  readonly reads: readonly string[]
  readonly writes: readonly string[]
  readonly calls: readonly string[]
}

const WRITES = ['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']

/** The tables and functions that a function's SQL names; undefined if it cannot be parsed. */
async function reachOf(parser: Parser, body: string): Promise<Reach | undefined> {
  const tree = await parseStatement(parser, plainStatements(body))
  if (tree === undefined) return undefined
  const common = new Set(find(tree, 'CommonTableExpr').map(({ ctename }) => ctename))
  const names = (relations: readonly unknown[]) =>
    relations.flatMap((relation) => {
      const { schemaname, relname } = asTree(relation)
      if (typeof relname !== 'string') return []
      if (typeof schemaname === 'string') return [`${schemaname}.${relname}`]
      return common.has(relname) ? [] : [relname]
    })
  const writes = names(WRITES.flatMap((type) => find(tree, type)).map((node) => node.relation))
  const truncates = find(tree, 'TruncateStmt').flatMap((node) => find(node.relations, 'RangeVar'))
  const read = names(find(tree, 'RangeVar'))
  const calls = find(tree, 'FuncCall')
    .map(functionName)
    .filter(
      (name) => name.includes('.') && !name.startsWith('pg_catalog.') && !AUTH_FUNCTIONS.has(name),
    )
  return {
    reads: sorted(read.filter((name) => !names(truncates).includes(name))),
    writes: sorted([...writes, ...names(truncates)]),
    calls: sorted(calls),
  }
}

/** Splits BEGIN ATOMIC …; END and RETURN …, as pg_get_function_sqlbody() writes them, into statements. */
function plainStatements(body: string): string {
  const atomic = /^\s*begin\s+atomic\b([\s\S]*)\bend\s*$/i.exec(body)
  return (atomic?.[1] ?? body).replace(/^\s*return\b/i, 'select')
}

function describe(reach: Reach | undefined): string {
  if (reach === undefined) return 'what it reaches is unknown (its SQL cannot be read)'
  const { reads, writes, calls } = reach
  const parts = [
    ...(reads.length > 0 ? [`it reads ${enumerate(reads)}`] : []),
    ...(writes.length > 0 ? [`it writes ${enumerate(writes)}`] : []),
    ...(calls.length > 0 ? [`it calls ${enumerate(calls)}, whose reach was not followed`] : []),
  ]
  return parts.length > 0 ? parts.join('; ') : 'it names no table'
}

const sorted = (names: readonly string[]) => [...new Set(names)].sort()
