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
}

const COMMANDS_OF: Readonly<Record<string, readonly Command[]>> = {
  r: ['select'],
  a: ['insert'],
  w: ['update'],
  d: ['delete'],
  '*': COMMANDS,
}

/** Those that permit: isolation does not rest on a restrictive policy that can go without a leak. */
export async function policyChanges(
  { superuser }: Place,
  { name: table }: Subject,
): Promise<PolicyChange[]> {
  const { rows } = await superuser.query<Policy>(
    `select polname as name, polcmd as letter, pg_get_expr(polqual, polrelid) as using,
       pg_get_expr(polwithcheck, polrelid) as check
     from pg_policy where polrelid = $1::regclass and polpermissive order by polname`,
    [table],
  )
  const commandsOf = ({ letter }: Policy) => COMMANDS_OF[letter] ?? []
  return rows.flatMap((policy) => {
    const others = rows.filter((other) => other !== policy).flatMap(commandsOf)
    const refused = commandsOf(policy).filter((command) => !others.includes(command))
    const name = escapeIdentifier(policy.name)
    const loosened = [
      ...(policy.using === null ? [] : [['using', policy.using] as const]),
      ...(policy.check === null ? [] : [['with check', policy.check] as const]),
    ].filter(([, condition]) => condition !== 'true')
    return [
      ...(refused.length === 0
        ? []
        : [{ name: `${name} dropped`, change: `drop policy ${name} on ${table}`, refused }]),
      ...loosened.map(([clause]) => ({
        name: `${name} loosened to ${clause} (true)`,
        change: `alter policy ${name} on ${table} ${clause} (true)`,
        refused: [],
      })),
    ]
  })
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
