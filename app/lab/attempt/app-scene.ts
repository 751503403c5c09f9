/**
 * The app itself, attacked by its own user, by way of its own proxy: what anyone with a token may do. Whatever a
 * statement writes there is undone.
 */
import type { Names, Outcome, Run } from '../service/api'
import { LabError } from '../service/client'
import type { Attempt } from './scene'
import { verdictOn, type Verdict } from './verdict'

/** A user, by whose own token SQL is sent. */
export type AppUser = {
  readonly id: string
  readonly run: (order: Pick<Run, 'sql' | 'params'>) => Promise<Outcome>
}

export type AppScene = (sql: Run['sql']) => Promise<Attempt>

/** Shorter texts turn up by chance, and so do numbers and dates. */
const isTelling = (text: string) => text.length >= 6 && /\p{L}/u.test(text)

/**
 * @param others whose rows the verdicts look for, in the tables that say whose a row is
 * @param tables as Postgres lets users name them
 */
export async function openAppScene(
  attacker: AppUser,
  others: readonly AppUser[],
  tables: Names['tables'],
): Promise<AppScene> {
  const owned = Object.entries(tables).filter(([, { select }]) => select.includes('user_id'))
  const ids = new Set([attacker, ...others].map(({ id }) => id))
  const [own, theirs] = await Promise.all([
    Promise.all(owned.map((table) => textsOf(attacker, table, 'or'))),
    Promise.all(
      owned.flatMap((table) =>
        others.map(async (other) => {
          const texts = await textsOf(other, table, 'and')
          return texts.map((text) => ({ table: table[0], text }))
        }),
      ),
    ),
  ])
  const secrets = theirs.flat().filter(({ text }) => isTelling(text) && !ids.has(text))
  const looked = [...new Set(secrets.map(({ table }) => table))]

  return async (sql) => {
    const statements = [sql].flat()
    const isUndone = statements.some(mayWrite)
    const outcome = await attacker.run({ sql: isUndone ? [...statements, UNDO] : sql })
    if (isUndone && outcome.error?.message.includes(UNDONE) === true) {
      return { outcome: { ...outcome, status: 200, error: null }, verdict: WAS_UNDONE }
    }
    // What the attacker has or says is no news to them.
    const known = [...own.flat(), ...statements].join('\n')
    const unknown = secrets.map(({ text }) => text).filter((text) => !known.includes(text))
    const verdict = verdictOn(outcome, { secrets: unknown, isHarmed: false })
    return { outcome, verdict: verdict.kind === 'ran' ? comparedWith(looked, verdict) : verdict }
  }
}

function comparedWith(looked: readonly string[], ran: Verdict): Verdict {
  if (looked.length === 0) return NONE_KNOWN
  const why = `Nothing from other users’ private ${looked.join(' and ')} is in the answer.`
  return { ...ran, why }
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
  why: 'Nothing refused it. This page knows no row of another user’s alone to compare with: each row below should be yours, or of a list that you share.',
}

/**
 * What a user has in a table, by their own word. The members of a list share what is in it.
 * @param join whether rows of lists are left out, or there as well
 */
async function textsOf(
  { id, run }: AppUser,
  [name, { select }]: readonly [string, Names['tables'][string]],
  join: 'and' | 'or',
): Promise<string[]> {
  const inList = join === 'and' ? 'and list_id is null' : 'or list_id is not null'
  const sql = `select ${select.map(quoted).join()} from ${quoted(name)}
    where user_id = $1 ${select.includes('list_id') ? inList : ''}`
  const { results, error } = await run({ sql, params: [id] })
  if (error !== null) throw new LabError(error.message)
  return results.flatMap(({ rows }) => rows.flat()).filter((text) => text !== null)
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
