/** Remembers each statement's key among the prepared ones, and how long it takes. */
import type { Verdict } from '../gate/decide'

/** A quick statement takes less than this, averaged over about its last `RUNS` runs. */
const QUICK_MS = 10
const RUNS = 10
/** A statement that takes less than this on average may use the reserved sessions. */
const PROVEN_MS = 100

/**
 * A moving average, because a run can be slow for reasons outside the statement. With the rule "all of
 * the last ten were quick", a busy machine made all statements slow, so that each request took its own
 * session, which kept the machine busy. After a run of a second, it still takes about twenty quick ones to
 * count as quick again.
 */
export class Pace {
  #runs = 0
  #average = 0
  /** Its answer was once too long to keep whole, and a streamed answer cannot be retracted. */
  isLong = false

  get averageMs(): number {
    return this.#average
  }

  get isQuick(): boolean {
    return this.#runs === RUNS && this.#average < QUICK_MS
  }

  get isProven(): boolean {
    return this.#runs > 0 && this.#average < PROVEN_MS
  }

  readonly record = (ms: number): void => {
    if (this.#runs < RUNS) this.#runs++
    this.#average += (ms - this.#average) / this.#runs
  }
}

/** Includes the role, because a plan depends on it. */
export function statementKey(role: string, sql: string): string {
  return `${role} ${sql}`
}

/**
 * A prepared statement is measurably faster. One with constants is prepared separately for each user, so
 * that the time does not reveal whether another user has sent it.
 */
function keyOfUser(role: string, user: string, sql: string): string {
  return `${role}\0${user.length} ${user} ${sql}`
}

/**
 * Whether a constant may contain a word that Postgres replaces by the current time when it parses the
 * statement: in a prepared statement, 'today' would stay the day of its preparation. A column with such a
 * name is a false positive, which only costs time.
 * https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-DATETIME-SPECIAL-VALUES
 */
function readsClockWhenParsed(sql: string): boolean {
  return CLOCK_WORD.test(sql) || DISGUISED.test(sql)
}

/** Such a word at the start of a constant, or anywhere else except in a call of now(). */
const CLOCK_WORD =
  /'\s*(?:now|today|tomorrow|yesterday)|(?<![a-z_])(?:now|today|tomorrow|yesterday)(?![a-z_]|\s*\(\s*\))/i

/** Constants that could hide such a word: E'', U&'', and constants in two parts. */
const DISGUISED = /\b(?:e|u&)'|'[^\S\n]*\n\s*'/i

export class StatementCache {
  /** Keyed by verdict: the gate returns the same object for the same text while it remembers the text. */
  readonly #paces = new WeakMap<Verdict, Pace>()
  readonly #keys = new WeakMap<Verdict, Map<string, string>>()
  readonly #readsClock = new WeakMap<Verdict, boolean>()

  /** Whether the statement must not stay prepared, because its constants depend on the time. */
  readsClock(verdict: Verdict, sql: string): boolean {
    if (!verdict.holdsContent) return false
    const known = this.#readsClock.get(verdict)
    if (known !== undefined) return known
    const readsClock = readsClockWhenParsed(sql)
    this.#readsClock.set(verdict, readsClock)
    return readsClock
  }

  paceOf(verdict: Verdict): Pace {
    const known = this.#paces.get(verdict)
    if (known !== undefined) return known
    const pace = new Pace()
    this.#paces.set(verdict, pace)
    return pace
  }

  /** Caching by role is enough: a verdict on a text with constants belongs to one user only. */
  keyOf(verdict: Verdict, role: string, sql: string, user: string): string {
    let keys = this.#keys.get(verdict)
    if (keys === undefined) this.#keys.set(verdict, (keys = new Map<string, string>()))
    let key = keys.get(role)
    if (key === undefined) {
      key = verdict.holdsContent ? keyOfUser(role, user, sql) : statementKey(role, sql)
      keys.set(role, key)
    }
    return key
  }
}
