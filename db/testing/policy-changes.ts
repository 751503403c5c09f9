/** How each policy of a table can go wrong, and whether the proof would show it. */
import { escapeIdentifier } from 'pg'
import { COMMANDS, type Command, type Subject } from './subject'
import { findLeaks, findRefusals, inTrial, type Place } from './trial'

export type PolicyChange = {
  /** Such as `the policy "users see their own todos" dropped`. */
  readonly name: string
  readonly change: string
  /** What owners cannot do any more; empty for a change that lets others in. */
  readonly refused: readonly Command[]
}

type Policy = {
  readonly name: string
  readonly letter: string
  readonly using: string | null
  readonly check: string | null
  readonly isForUsers: boolean
}

const COMMANDS_OF: Readonly<Record<string, readonly Command[]>> = {
  r: ['select'],
  a: ['insert'],
  w: ['update'],
  d: ['delete'],
  '*': COMMANDS,
}

/** Of the policies for users; those for a role that a claim permits need people with such claims. */
export async function policyChanges(
  { superuser }: Place,
  { name: table }: Subject,
): Promise<PolicyChange[]> {
  const policies = (await policiesOf(superuser, table)).filter(({ isForUsers }) => isForUsers)
  const commandsOf = ({ letter }: Policy) => COMMANDS_OF[letter] ?? []
  return policies.flatMap((policy) => {
    const others = policies.filter((other) => other !== policy).flatMap(commandsOf)
    const refused = commandsOf(policy).filter((command) => !others.includes(command))
    return [
      ...(refused.length === 0 ? [] : [{ ...dropped(table, policy), refused }]),
      ...loosened(table, policy).map((change) => ({ ...change, refused: [] })),
    ]
  })
}

/** Each policy of a table dropped, and each of its conditions loosened. */
export async function allPolicyChanges(
  { superuser }: Pick<Place, 'superuser'>,
  table: string,
): Promise<Pick<PolicyChange, 'name' | 'change'>[]> {
  const policies = await policiesOf(superuser, table)
  return policies.flatMap((policy) => [dropped(table, policy), ...loosened(table, policy)])
}

/** Those that permit: isolation does not rest on a restrictive policy that can go without a leak. */
async function policiesOf(superuser: Place['superuser'], table: string): Promise<Policy[]> {
  const { rows } = await superuser.query<Policy>(
    `select polname as name, polcmd as letter, pg_get_expr(polqual, polrelid) as using,
       pg_get_expr(polwithcheck, polrelid) as check,
       polroles && array[0, 'authenticated'::regrole, 'anonymous'::regrole]::oid[] as "isForUsers"
     from pg_policy where polrelid = $1::regclass and polpermissive order by polname`,
    [table],
  )
  return rows
}

function dropped(table: string, policy: Policy) {
  const name = escapeIdentifier(policy.name)
  return { name: `${name} dropped`, change: `drop policy ${name} on ${table}` }
}

function loosened(table: string, policy: Policy) {
  const name = escapeIdentifier(policy.name)
  const clauses = [
    ...(policy.using === null ? [] : [['using', policy.using] as const]),
    ...(policy.check === null ? [] : [['with check', policy.check] as const]),
  ]
  return clauses
    .filter(([, condition]) => condition !== 'true')
    .map(([clause]) => ({
      name: `${name} loosened to ${clause} (true)`,
      change: `alter policy ${name} on ${table} ${clause} (true)`,
    }))
}

export async function isNoticed(
  place: Place,
  subject: Subject,
  { change, refused }: PolicyChange,
): Promise<boolean> {
  return inTrial(place, subject, { allGranted: true, change }, async (trial) => {
    const found =
      refused.length > 0
        ? await findRefusals(trial, refused)
        : await findLeaks(trial, { first: true })
    return found.length > 0
  })
}
