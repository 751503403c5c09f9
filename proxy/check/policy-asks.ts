/** Whether a policy's condition depends on the user, directly or through functions and tables it uses. */
import type { Subject } from './check'
import { text } from './database'
import { asTree, find, strings } from './policy-expression'

/** Ways to read the identity, in SQL as text. */
const ASKS = /\bauth\.\w+\s*\(|\bcurrent_setting\s*\(|\b(current_user|session_user|current_role)\b/i

/**
 * A function counts if its body reads the identity, calls such a function, reads a table whose policies do,
 * or cannot be parsed. Names are compared without schemas, so in doubt a condition counts.
 */
export async function whatAsks({ database }: Subject): Promise<(condition: unknown) => boolean> {
  const rows = await database.query(
    `select p.proname as name, coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc) as sql,
       l.lanname not in ('sql', 'plpgsql') or p.prosrc ~* '\\mexecute\\M' as is_opaque
     from pg_catalog.pg_proc as p
     join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
     join pg_catalog.pg_language as l on l.oid = p.prolang
     where n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
       and not exists (
         select from pg_catalog.pg_depend as d
         where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.objid = p.oid and d.deptype = 'e')
     union all
     select c.relname, pg_catalog.pg_get_expr(p.polqual, p.polrelid), false
     from pg_catalog.pg_policy as p join pg_catalog.pg_class as c on c.oid = p.polrelid
     where c.relrowsecurity and p.polcmd in ('r', '*') and p.polqual is not null
     union all
     select c.relname, pg_catalog.pg_get_viewdef(c.oid), false
     from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
     where c.relkind = 'v' and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'`,
  )
  const sources = rows.map((row) => {
    const sql = text(row, 'sql')
    const asks = row.is_opaque === 't' || ASKS.test(sql)
    return { name: text(row, 'name'), words: wordsOf(sql), asks }
  })
  const asking = new Set(sources.filter(({ asks }) => asks).map(({ name }) => name))
  for (let known = -1; known < asking.size;) {
    known = asking.size
    for (const { name, words } of sources) {
      if (words.some((word) => asking.has(word))) asking.add(name)
    }
  }
  return (condition) =>
    find(condition, 'FuncCall').some(({ funcname }) => {
      const names = strings(funcname)
      const name = names.at(-1) ?? ''
      return names[0] === 'auth' || name === 'current_setting' || asking.has(name)
    }) ||
    find(condition, 'SQLValueFunction').some(({ op }) => /USER|ROLE/.test(String(op))) ||
    find(condition, 'RangeVar').some((relation) => asking.has(String(asTree(relation).relname)))
}

/** Names as Postgres stores them. */
function wordsOf(sql: string): string[] {
  return [...sql.matchAll(/"((?:[^"]|"")+)"|[a-z_][\w$]*/gi)].map(
    ([word, quoted]) => quoted?.replaceAll('""', '"') ?? word.toLowerCase(),
  )
}
