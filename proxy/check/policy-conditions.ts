/** Goes through the conditions of the policies that count for the roles of requests. */
import { enumerate, weak, type Finding, type Subject } from './check'
import { text, textArray, type Row } from './database'
import { parseExpression } from './policy-expression'
import { FOR_ROLE, REACHED } from './relations'

export type Condition = {
  readonly policy: string
  readonly table: string
  readonly oid: string
  readonly roles: string
  readonly command: string
  readonly isPermissive: boolean
  /** The same role and command have a restrictive policy as well. */
  readonly isRestricted: boolean
  readonly clause: 'USING' | 'WITH CHECK'
  readonly tree: Readonly<Record<string, unknown>>
}

/** Asks about each condition of each policy that counts for a role of requests. */
export async function overConditions(
  { database, roles, parser }: Subject,
  judge: (condition: Condition) => Finding | undefined,
): Promise<Finding[]> {
  const rows = await database.query(
    `with ${REACHED}
     select pg_catalog.quote_ident(p.polname) as policy, reached.name, reached.oid::text,
       string_agg(reached.role, ' ') as roles,
       p.polpermissive, bool_and(exists (
         select from pg_catalog.pg_policy as other
         where other.polrelid = p.polrelid and not other.polpermissive
           and other.polcmd in ('*', p.polcmd)
           and (0 = any (other.polroles) or reached.role_oid = any (other.polroles)))) as restricted,
       case p.polcmd when 'r' then 'SELECT' when 'a' then 'INSERT' when 'w' then 'UPDATE'
         when 'd' then 'DELETE' else 'do anything with' end as command,
       pg_catalog.pg_get_expr(p.polqual, p.polrelid) as "USING",
       pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) as "WITH CHECK"
     from reached join pg_catalog.pg_policy as p on p.polrelid = reached.oid and ${FOR_ROLE}
     where reached.may <> '{}'
     group by p.oid, p.polname, p.polrelid, p.polpermissive, p.polcmd, p.polqual, p.polwithcheck, 2, 3
     order by 2, 1`,
    [textArray(roles)],
  )
  const findings: Finding[] = []
  for (const row of rows) {
    for (const clause of ['USING', 'WITH CHECK'] as const) {
      const expression = row[clause]
      if (expression == null) continue
      const tree = await parseExpression(parser, expression)
      const finding = tree === undefined ? unreadable(row) : judge(condition(row, clause, tree))
      if (finding !== undefined) findings.push(finding)
    }
  }
  return findings
}

/** What was not looked at must not pass for good. */
function unreadable(row: Row): Finding {
  return weak(
    `the policy ${text(row, 'policy')} on ${text(row, 'name')} is written in SQL that the proxy's parser does not know, so it was not judged`,
    'Update libpg-query, or look at the policy yourself.',
  )
}

function condition(row: Row, clause: Condition['clause'], tree: Condition['tree']): Condition {
  return {
    policy: text(row, 'policy'),
    table: text(row, 'name'),
    oid: text(row, 'oid'),
    roles: enumerate(text(row, 'roles').split(' ')),
    command: text(row, 'command'),
    isPermissive: row.polpermissive === 't',
    isRestricted: row.restricted === 't',
    clause,
    tree,
  }
}
