/** Policies restrict users to their own rows, and evaluate the identity once per statement, not per row. */
import {
  ANONYMOUS,
  AUTHENTICATED,
  enumerate,
  unsafe,
  weak,
  type Check,
  type Finding,
  type Subject,
} from './check'
import { text, textArray } from './database'
import {
  COMMANDS,
  overConditions,
  readPolicies,
  rolesOf,
  type Clause,
  type Condition,
  type Policy,
} from './policy-conditions'
import { whatAsks } from './policy-asks'
import { callsPerRow, comparedColumns, looksAtRow, unindexedColumns } from './policy-expression'
import { ASKERS, isAlwaysTrue, type Asker } from './policy-truth'
import { FOR_ROLE, REACHED } from './relations'

const GROUP = 'Policies'

export const missingPolicyCheck: Check = {
  name: 'policy-missing',
  group: GROUP,
  good: 'every granted command has a policy',
  run: async ({ database, roles }) => {
    const rows = await database.query(
      `with ${REACHED}
       select role, name, string_agg(command, ' ' order by letter) as commands
       from reached
       cross join (values ('SELECT', 'r'), ('INSERT', 'a'), ('UPDATE', 'w'), ('DELETE', 'd'))
         as c (command, letter)
       where relkind in ('r', 'p') and relrowsecurity and command = any (may)
         and not exists (
           select from pg_catalog.pg_policy as p
           where p.polrelid = reached.oid and p.polpermissive and p.polcmd in (letter, '*') and ${FOR_ROLE})
       group by 1, 2 order by 2, 1`,
      [textArray(roles)],
    )
    return rows.map((row) => {
      const commands = text(row, 'commands').split(' ')
      return weak(
        `${text(row, 'role')} has ${enumerate(commands)} on ${text(row, 'name')}, and no policy lets any row through`,
        `CREATE POLICY … ON ${text(row, 'name')} FOR ${commands[0] ?? 'SELECT'} TO ${text(row, 'role')} …; -- or REVOKE the right`,
      )
    })
  },
}

export const noConditionCheck: Check = {
  name: 'policy-no-condition',
  group: GROUP,
  good: 'every policy has the condition that its command needs',
  run: async (subject) => (await readPolicies(subject)).flatMap(judgeAbsence),
}

export const openPolicyCheck: Check = {
  name: 'policy-open',
  group: GROUP,
  good: 'no policy gives every user every row',
  run: (subject) => overConditions(subject, judgeOpenness),
}

export const noUserCheck: Check = {
  name: 'policy-no-user',
  group: GROUP,
  good: 'every policy depends on the user',
  run: async (subject) => {
    const asks = await whatAsks(subject)
    return overConditions(subject, (condition) => {
      const { policy, clause, tree, others } = condition
      if (!policy.isPermissive || asks(tree) || isRestricted(policy, clause, others, asks)) {
        return undefined
      }
      // A more serious finding covers it.
      if (judgeOpenness(condition)?.level === 'unsafe') return undefined
      const { name, table, command } = policy
      const verb = clause === 'WITH CHECK' ? 'write' : COMMANDS[command]
      return weak(
        `the policy ${name} on ${table} lets ${rolesOf(policy)} ${verb} rows and never asks who the user is: what passes its ${clause} is everybody’s`,
        `${comparison(policy, clause)} Where such rows are everybody’s: --accept policy-no-user:${table}`,
        table,
      )
    })
  },
}

export const perRowCheck: Check = {
  name: 'policy-per-row',
  group: GROUP,
  good: 'no policy evaluates the user for every row',
  run: async (subject) => {
    const slow = await slowFunctions(subject)
    return overConditions(subject, ({ policy: { name: policy, table }, clause, tree }) => {
      const calls = callsPerRow(tree, (name) => slow.has(name))
      if (calls.length === 0) return undefined
      const call = calls[0] ?? ''
      return weak(
        `the policy ${policy} on ${table} calls ${enumerate(calls.map((name) => `${name}()`))} for every row`,
        `Write (select ${call}()) in its ${clause}, alone in its brackets: ALTER POLICY ${policy} ON ${table} ${clause} ((select ${call}()) = …);`,
        table,
      )
    })
  },
}

export const indexCheck: Check = {
  name: 'policy-index',
  group: GROUP,
  good: 'the columns that policies compare are indexed',
  run: async (subject) => {
    const indexes = await indexColumns(subject)
    return overConditions(subject, ({ policy: { name: policy, table, oid }, clause, tree }) => {
      // WITH CHECK only examines the new row, so it needs no index.
      if (clause === 'WITH CHECK') return undefined
      const compared = new Set(comparedColumns(tree.val))
      const isIndexed = (column: string) =>
        (indexes.get(oid) ?? []).some((columns) => {
          const at = columns.indexOf(column)
          return at >= 0 && columns.slice(0, at).every((other) => compared.has(other))
        })
      const missing = [...new Set(unindexedColumns(tree.val, isIndexed) ?? [])]
      if (missing.length === 0) return undefined
      return weak(
        `the policy ${policy} compares ${table}.${enumerate(missing)}, and no index begins with that`,
        missing.map((column) => `CREATE INDEX ON ${table} ("${column}");`).join(' '),
        table,
      )
    })
  },
}

/** The clause that each command needs. UPDATE falls back from WITH CHECK to USING. */
function judgeAbsence(policy: Policy): Finding[] {
  const { name, table, command, isPermissive, conditions } = policy
  const clause = command === 'a' ? 'WITH CHECK' : 'USING'
  // A restrictive policy may concern written rows only.
  const isLimit = !isPermissive && 'w*'.includes(command) && conditions['WITH CHECK'] !== undefined
  if (conditions[clause] !== undefined || isLimit) return []
  const effect = isPermissive
    ? `so what it was to let through is unknown, and it lets ${rolesOf(policy)} ${command === 'a' ? 'insert nothing' : 'see no row'}`
    : 'so it restricts nothing'
  return [
    unsafe(
      `the policy ${name} on ${table} has no ${clause}, ${effect}`,
      `ALTER POLICY ${name} ON ${table} ${clause} ((select auth.user_id()) = <the owner's column>); -- \`drizzle-kit push\` makes such policies: use migrations`,
      table,
    ),
  ]
}

function judgeOpenness({ policy, clause, tree, others }: Condition): Finding | undefined {
  const { name, table, command, isPermissive, notNull } = policy
  if (!isPermissive) return undefined
  const asker = ASKERS.find(
    (one) =>
      isAlwaysTrue(tree, notNull, one) &&
      !isRestricted(policy, clause, others, (limit) => !isAlwaysTrue(limit, notNull, one)),
  )
  const verb = clause === 'WITH CHECK' ? 'write any row' : `${COMMANDS[command]} every row`
  const fix = comparison(policy, clause)
  if (asker !== undefined) {
    const isRead = clause === 'USING' && command === 'r'
    const meant = isRead ? ` Where everybody may read it: --accept policy-open:${table}` : ''
    return unsafe(
      `the policy ${name} on ${table} lets ${rolesOf(policy)} ${verb}${WITHOUT[asker]}`,
      `${fix}${meant}`,
      table,
    )
  }
  const isLimited = isRestricted(
    policy,
    clause,
    others,
    (limit) => !isAlwaysTrue(limit, notNull, 'user'),
  )
  if (isLimited || looksAtRow(tree)) return undefined
  // For a role that a claim permits, a policy that checks the claim again is clearly intended.
  if (!policy.roles.some((role) => role === AUTHENTICATED || role === ANONYMOUS)) return undefined
  return weak(
    `the policy ${name} on ${table} does not look at the row: a user who passes it may ${verb}`,
    fix,
    table,
  )
}

const WITHOUT: Readonly<Record<Asker, string>> = {
  user: '',
  'bare user': ' when their token lacks the claim that it asks for: NULL counts as true there',
  nobody: ' when there is no user id: NULL counts as true there',
}

const comparison = ({ name, table }: Policy, clause: Clause) =>
  `ALTER POLICY ${name} ON ${table} ${clause} ((select auth.user_id()) = <the owner's column>);`

/** Whether a restrictive policy also applies to each of the policy's roles. */
function isRestricted(
  policy: Policy,
  clause: Clause,
  others: readonly Policy[],
  limits: (condition: Condition['tree']) => boolean,
): boolean {
  return policy.roles.every((role) =>
    others.some((other) => {
      if (other.isPermissive || !other.roles.includes(role)) return false
      if (other.command !== '*' && other.command !== policy.command) return false
      const condition =
        (clause === 'WITH CHECK' ? other.conditions['WITH CHECK'] : undefined) ??
        other.conditions.USING
      return condition !== undefined && condition !== 'unreadable' && limits(condition)
    }),
  )
}

/** Names, as written by pg_get_expr(), of functions that should run only once per statement. */
async function slowFunctions({ database }: Subject): Promise<ReadonlySet<string>> {
  const rows = await database.query(
    `select distinct pg_catalog.quote_ident(n.nspname) as schema, p.proname as name
     from pg_catalog.pg_proc as p join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
     where p.provolatile <> 'i'
       and (n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
         or p.oid = 'pg_catalog.current_setting(text)'::pg_catalog.regprocedure)`,
  )
  return new Set(
    rows.flatMap((row) => [text(row, 'name'), `${text(row, 'schema')}.${text(row, 'name')}`]),
  )
}

/** Table → columns of each of its indexes, in order; without partial indexes. */
async function indexColumns({ database }: Subject): Promise<Map<string, string[][]>> {
  const rows = await database.query(
    `select i.indrelid::text as oid, pg_catalog.array_to_json(array(
       select coalesce(a.attname, '') from pg_catalog.unnest(i.indkey::int2[]) with ordinality as k (attnum, place)
       left join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.attnum
       order by k.place)) as columns
     from pg_catalog.pg_index as i where i.indisvalid and i.indpred is null`,
  )
  const indexes = new Map<string, string[][]>()
  for (const row of rows) {
    const columns = JSON.parse(text(row, 'columns')) as string[]
    indexes.set(text(row, 'oid'), [...(indexes.get(text(row, 'oid')) ?? []), columns])
  }
  return indexes
}
