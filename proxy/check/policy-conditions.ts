/** Visits the policies that apply to request roles, with their conditions as trees. */
import { enumerate, weak, type Finding, type Subject } from './check'
import { text, textArray, type Row } from './database'
import { parseExpression } from './policy-expression'
import { FOR_ROLE, REACHED } from './relations'

type Tree = Readonly<Record<string, unknown>>
export type Clause = 'USING' | 'WITH CHECK'

export type Policy = {
  readonly name: string
  readonly table: string
  readonly oid: string
  /** The request roles that it applies to. */
  readonly roles: readonly string[]
  readonly command: keyof typeof COMMANDS
  readonly isPermissive: boolean
  /** Undefined if the policy has no such clause. */
  readonly conditions: Readonly<Record<Clause, Tree | 'unreadable' | undefined>>
  /** The NOT NULL columns of its table. */
  readonly notNull: ReadonlySet<string>
}

/** A condition that exists and could be parsed. */
export type Condition = {
  readonly policy: Policy
  readonly clause: Clause
  readonly tree: Tree
  /** All policies of its table. */
  readonly others: readonly Policy[]
}

export const COMMANDS = {
  r: 'SELECT',
  a: 'INSERT',
  w: 'UPDATE',
  d: 'DELETE',
  '*': 'do anything with',
} as const

const CLAUSES = ['USING', 'WITH CHECK'] as const

export async function readPolicies({ database, roles, parser }: Subject): Promise<Policy[]> {
  const rows = await database.query(
    `with ${REACHED}
     select pg_catalog.quote_ident(p.polname) as policy, reached.name, reached.oid::text,
       string_agg(reached.role, ' ' order by reached.role) as roles,
       p.polpermissive, p.polcmd,
       (select pg_catalog.string_agg(a.attname, ' ') from pg_catalog.pg_attribute as a
        where a.attrelid = p.polrelid and a.attnum > 0 and a.attnotnull) as not_null,
       pg_catalog.pg_get_expr(p.polqual, p.polrelid) as "USING",
       pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) as "WITH CHECK"
     from reached join pg_catalog.pg_policy as p on p.polrelid = reached.oid and ${FOR_ROLE}
     where reached.may <> '{}'
     group by p.oid, p.polname, p.polrelid, p.polpermissive, p.polcmd, p.polqual, p.polwithcheck, 2, 3
     order by 2, 1`,
    [textArray(roles)],
  )
  const read = async (row: Row, clause: Clause) => {
    const expression = row[clause]
    if (expression == null) return undefined
    return (await parseExpression(parser, expression)) ?? 'unreadable'
  }
  const policies: Policy[] = []
  for (const row of rows) {
    policies.push({
      name: text(row, 'policy'),
      table: text(row, 'name'),
      oid: text(row, 'oid'),
      roles: text(row, 'roles').split(' '),
      command: commandOf(text(row, 'polcmd')),
      isPermissive: row.polpermissive === 't',
      conditions: {
        USING: await read(row, 'USING'),
        'WITH CHECK': await read(row, 'WITH CHECK'),
      },
      notNull: new Set(text(row, 'not_null').split(' ')),
    })
  }
  return policies
}

/** Visits each condition of each policy that applies to a request role. */
export async function overConditions(
  subject: Subject,
  judge: (condition: Condition) => Finding | undefined,
): Promise<Finding[]> {
  const policies = await readPolicies(subject)
  const findings: Finding[] = []
  for (const policy of policies) {
    const others = policies.filter(({ oid }) => oid === policy.oid)
    for (const clause of CLAUSES) {
      const tree = policy.conditions[clause]
      if (tree === undefined) continue
      const finding =
        tree === 'unreadable' ? unreadable(policy) : judge({ policy, clause, tree, others })
      if (finding !== undefined) findings.push(finding)
    }
  }
  return findings
}

export const rolesOf = ({ roles }: Policy): string => enumerate(roles)

/** A condition that could not be parsed must not pass. */
function unreadable({ name, table }: Policy): Finding {
  return weak(
    `the policy ${name} on ${table} is written in SQL that the proxy's parser does not know, so it was not judged`,
    'Update libpg-query, or look at the policy yourself.',
    table,
  )
}

function commandOf(letter: string): Policy['command'] {
  return letter === 'r' || letter === 'a' || letter === 'w' || letter === 'd' ? letter : '*'
}
