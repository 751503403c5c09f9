/**
 * Tries what others can do to Alice's rows, and what she can do herself, in a transaction that is rolled
 * back: the database is the same afterwards, whatever was changed in it to see what follows.
 *
 * An attack has leaked when another user's rows have changed, or when the answer, be it rows,
 * a count or an error message, tells anything about them.
 */
import { DatabaseError, escapeIdentifier, escapeLiteral, type Client, type QueryResult } from 'pg'
import { seal, type Actor } from '../../proxy/test/testing/as-user'
import { attacksOn, insertInto, type Attack, type TargetRows } from './attacks'
import { othersThanAlice } from './people'
import { COMMANDS, type Command, type Subject } from './subject'

export type Place = {
  /** Only a superuser can act as the proxy's login within a transaction of its own. */
  readonly superuser: Client
  readonly sessionKey: string
}

export type Setup = {
  /** Every right on the table but TRUNCATE, so that nothing but its policies stands in the way. */
  readonly allGranted?: boolean
  /** SQL that changes the table, such as its policies. */
  readonly change?: string
}

export type Trial = {
  readonly place: Place
  readonly subject: Subject
  readonly attacks: readonly Attack[]
  readonly others: readonly Actor[]
  readonly allGranted: boolean
  /** What only Alice's rows hold. */
  readonly secrets: readonly string[]
}

const ROLES = 'authenticated, anonymous, authenticator'

export async function inTrial<T>(
  place: Place,
  subject: Subject,
  { allGranted = false, change = '' }: Setup,
  work: (trial: Trial) => Promise<T>,
): Promise<T> {
  const { superuser, sessionKey } = place
  await superuser.query('begin')
  try {
    if (allGranted) await superuser.query(everyGrant(subject))
    await superuser.query(change)
    const { rows, secrets } = await layOut(superuser, subject)
    const major = await majorVersion(superuser)
    return await work({
      place,
      subject,
      allGranted,
      secrets,
      attacks: attacksOn(subject, rows).filter(({ since }) => since <= major),
      others: othersThanAlice(sessionKey, subject.people.bob),
    })
  } finally {
    await superuser.query('rollback')
  }
}

/** @returns what leaked, or `null` */
export async function findLeak(trial: Trial, actor: Actor, attack: Attack): Promise<string | null> {
  const { place, subject, secrets } = trial
  const theirs = `select each_row::text as one from ${subject.name} as each_row
    where ${subject.owner} is distinct from ${escapeLiteral(subject.people.bob)} order by 1`
  const before = JSON.stringify((await place.superuser.query(theirs)).rows)
  return attempt(place.superuser, actor, attack.statements, async (answer) => {
    const after = JSON.stringify((await place.superuser.query(theirs)).rows)
    if (after !== before) return 'the rows of others have changed'
    if (secrets.some((secret) => answer.text.includes(secret)))
      return 'the answer tells about Alice'
    if (answer.isLetIn) return 'it was ready to take rows'
    // Bob has one row.
    return answer.count > (actor.name === 'Bob' ? 1 : 0) ? 'more rows than the actor’s own' : null
  })
}

/** @returns each leak as a sentence; only the first when that is enough */
export async function findLeaks(trial: Trial, { first = false } = {}): Promise<string[]> {
  const leaks: string[] = []
  for (const actor of trial.others) {
    for (const attack of trial.attacks) {
      const leak = await findLeak(trial, actor, attack)
      if (leak !== null) leaks.push(`${actor.name} can ${attack.name}: ${leak}`)
      if (first && leak !== null) return leaks
    }
  }
  return leaks
}

/** @returns the attacks that prove nothing, because they fail on a table that is open to all */
export function findHarmlessAttacks(place: Place, subject: Subject): Promise<string[]> {
  const { name, schema } = subject
  // Of all tables, because those that refer to it are emptied with it.
  const change = `alter table ${name} disable row level security;
    grant truncate on all tables in schema ${escapeIdentifier(schema)} to ${ROLES}`
  return inTrial(place, subject, { allGranted: true, change }, async (trial) => {
    const leaks = await findLeaks(trial)
    return trial.others
      .flatMap((actor) => trial.attacks.map((attack) => `${actor.name} can ${attack.name}`))
      .filter((sentence) => !leaks.some((leak) => leak.startsWith(`${sentence}:`)))
  })
}

/** @returns what owners should be able to do with rows of their own, and cannot */
export async function findRefusals(
  trial: Trial,
  wanted: readonly Command[] | null = trial.subject.commands,
): Promise<string[]> {
  const { place, subject, allGranted } = trial
  const granted = await grantedOn(place.superuser, subject)
  const commands = allGranted ? COMMANDS : COMMANDS.filter((command) => granted.has(command))
  const refusals: string[] = []
  for (const command of wanted ?? commands) {
    const { person, rows, statement } = ownWork(subject, command, granted.get(command) ?? [])
    const token = seal(place.sessionKey, { sub: subject.people[person] })
    const actor = { name: person, role: 'authenticated', token } as const
    await attempt(place.superuser, actor, [statement], (answer) => {
      const found = answer.isRefused ? answer.text : `${answer.count} rows instead of ${rows}`
      if (answer.isRefused || answer.count !== rows) refusals.push(`${command}: ${found}`)
      return Promise.resolve()
    })
  }
  return refusals
}

/** @param columns those that the command is granted for */
function ownWork(subject: Subject, command: Command, columns: readonly string[]) {
  const { name, free, oneEach, row } = subject
  const alice = { person: 'alice', rows: oneEach ? 1 : 2 } as const
  switch (command) {
    case 'select':
      return { ...alice, statement: `select 1 from ${name}` }
    case 'insert': {
      const given = [...row('carol', 6)].filter(([column]) => columns.includes(column))
      return { person: 'carol', rows: 1, statement: insertInto(subject, new Map(given)) } as const
    }
    case 'update': {
      const column = columns.includes(free) ? free : (columns[0] ?? free)
      return { ...alice, statement: `update ${name} set ${column} = ${column}` }
    }
    case 'delete':
      return { ...alice, statement: `delete from ${name}` }
  }
}

type Answer = {
  readonly text: string
  /** Rows that the statement says it returned or changed. */
  readonly count: number
  readonly isRefused: boolean
  /** Postgres waits for rows to come. */
  readonly isLetIn: boolean
}

/** Undoes what the statements have done once `look` has seen it. */
export async function attempt<T>(
  superuser: Client,
  actor: Actor,
  statements: readonly string[],
  look: (answer: Answer) => Promise<T>,
): Promise<T> {
  await superuser.query('savepoint attempt')
  try {
    return await look(await answerTo(superuser, actor, statements))
  } finally {
    await superuser.query('rollback to attempt')
  }
}

async function answerTo(
  superuser: Client,
  { role, token }: Actor,
  statements: readonly string[],
): Promise<Answer> {
  try {
    // As the proxy does, which logs in as this user.
    await superuser.query('set local session authorization authenticator')
    await superuser.query(
      `select set_config('role', $1, true), set_config('auth.session_token', $2, true)`,
      [role, token],
    )
    let result: QueryResult | undefined
    for (const statement of statements) result = await superuser.query(statement)
    await superuser.query('reset role')
    await superuser.query('reset session authorization')
    const text = JSON.stringify(result?.rows ?? [])
    return { text, count: result?.rowCount ?? 0, isRefused: false, isLetIn: false }
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    await superuser.query('rollback to attempt')
    const isLetIn = error.message.includes('COPY from stdin failed')
    const text = `${error.message} ${error.detail ?? ''} ${error.hint ?? ''}`
    return { text, count: 0, isRefused: true, isLetIn }
  }
}

/** Two rows of Alice's, where she may have two, and one of Bob's. */
async function layOut(
  superuser: Client,
  subject: Subject,
): Promise<{ rows: TargetRows; secrets: string[] }> {
  const { name, owner, columns, people, oneEach } = subject
  await superuser.query(`${subject.given}; delete from ${name}`)
  const rows = [subject.row('alice', 1), subject.row('bob', 3)]
  if (!oneEach) rows.push(subject.row('alice', 2))
  for (const row of rows) await superuser.query(insertInto(subject, row))
  // Statistics hold values as well.
  await superuser.query(`analyze ${name}`)
  const valuesOf = async (person: 'alice' | 'bob', as: string) => {
    const { rows } = await superuser.query<(string | null)[]>({
      text: `select ${columns.map((column) => `${as}(${column}::text)`).join(', ')}
        from ${name} where ${owner} = ${escapeLiteral(people[person])}`,
      rowMode: 'array',
    })
    return rows
  }
  const literals = async (person: 'alice' | 'bob') => {
    const [first = []] = await valuesOf(person, 'quote_nullable')
    return new Map(columns.map((column, i) => [column, first[i] ?? 'null']))
  }
  const bobs = new Set((await valuesOf('bob', '')).flat())
  const alices = (await valuesOf('alice', '')).flat().filter((value) => value !== null)
  return {
    rows: { alices: await literals('alice'), bobs: await literals('bob') },
    // Short ones stand in other answers by chance.
    secrets: [people.alice, ...alices.filter((value) => value.length >= 8 && !bobs.has(value))],
  }
}

/** The commands that `authenticated` is granted, each with the columns that it is granted for. */
async function grantedOn(
  superuser: Client,
  { name, columns }: Subject,
): Promise<Map<Command, readonly string[]>> {
  const granted = new Map<Command, readonly string[]>()
  for (const command of COMMANDS) {
    // DELETE is granted for tables alone.
    const privilege =
      command === 'delete'
        ? `has_table_privilege('authenticated', attrelid, 'delete')`
        : `has_column_privilege('authenticated', attrelid, attnum, '${command}')`
    const { rows } = await superuser.query<{ attname: string }>(
      `select attname from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and not attisdropped and ${privilege}`,
      [name],
    )
    const names = new Set(rows.map(({ attname }) => escapeIdentifier(attname)))
    if (names.size > 0)
      granted.set(
        command,
        columns.filter((column) => names.has(column)),
      )
  }
  return granted
}

async function majorVersion(superuser: Client): Promise<number> {
  const { rows } = await superuser.query<{ version: string }>(
    `select current_setting('server_version_num') as version`,
  )
  return Math.floor(Number(rows[0]?.version) / 10_000)
}

function everyGrant({ name, schema, columns }: Subject): string {
  const space = escapeIdentifier(schema)
  return `grant usage on schema ${space} to ${ROLES};
    grant all on ${name} to ${ROLES};
    revoke truncate on ${name} from ${ROLES};
    grant usage on all sequences in schema ${space} to ${ROLES};
    -- So that the planner knows values that somebody could read.
    alter table ${name} ${columns.map((column) => `alter ${column} set statistics -1`).join(', ')}`
}
