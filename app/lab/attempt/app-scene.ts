/**
 * The app itself, attacked by its own user, by way of its own proxy: what anyone with a token may do. Whatever a
 * statement writes there is undone.
 */
import type { Outcome, Run } from '../service/api'
import { LabError } from '../service/client'
import type { Attempt } from './scene'
import { verdictOn, type Verdict } from './verdict'

/** A user, by whose own token SQL is sent. */
export type AppUser = {
  readonly id: string
  readonly run: (order: Pick<Run, 'sql' | 'params'>) => Promise<Outcome>
}

export type AppScene = (sql: Run['sql']) => Promise<Attempt>

const PRIVATE = 'select task, notes from todos where user_id = $1 and list_id is null'
/** The others of a list share what is in it. */
const OWN = 'select task, notes from todos where user_id = $1 or list_id is not null'

/** Shorter texts turn up by chance. */
const TELLING = 6

/** @param others whose private rows the verdicts look for */
export async function openAppScene(
  attacker: AppUser,
  others: readonly AppUser[],
): Promise<AppScene> {
  const [own, theirs] = await Promise.all([
    textsOf(attacker, OWN),
    Promise.all(others.map((other) => textsOf(other, PRIVATE))),
  ])
  const secrets = theirs.flat().filter((text) => text.length >= TELLING)

  return async (sql) => {
    const statements = [sql].flat()
    const isUndone = statements.some(mayWrite)
    const outcome = await attacker.run({ sql: isUndone ? [...statements, UNDO] : sql })
    if (isUndone && outcome.error?.message.includes(UNDONE) === true) {
      return { outcome: { ...outcome, status: 200, error: null }, verdict: WAS_UNDONE }
    }
    // What the attacker has or says is no news to them.
    const known = [...own, ...statements].join('\n')
    const loot = { secrets: secrets.filter((text) => !known.includes(text)), isHarmed: false }
    const verdict = verdictOn(outcome, loot)
    const isOpen = verdict.kind === 'ran' && others.length === 0
    return { outcome, verdict: isOpen ? NONE_KNOWN : verdict }
  }
}

const UNDONE = 'undone by the lab at'
/** Fails as it runs, not as it is planned, and undoes what came before it in the transaction. */
const UNDO = `select ('${UNDONE} ' || now())::integer`

/** Postgres has no other word for writing rows. A statement that only mentions one is undone in vain. */
export const mayWrite = (sql: string) => /\b(insert|update|delete|merge)\b/i.test(sql)

const WAS_UNDONE: Verdict = {
  kind: 'undecided',
  because: 'undone',
  why: 'Nothing refused it, and nothing of it stays: your rows are as they were. Which rows it would have changed shows in the scratch database.',
}
const NONE_KNOWN: Verdict = {
  kind: 'undecided',
  because: 'others unknown',
  why: 'Nothing refused it. This page knows no other user’s rows to compare with: each row below should be yours, or of a list that you share.',
}

async function textsOf({ id, run }: AppUser, sql: string): Promise<string[]> {
  const { results, error } = await run({ sql, params: [id] })
  if (error !== null) throw new LabError(error.message)
  return results.flatMap(({ rows }) => rows.flat()).filter((text) => text !== null)
}
