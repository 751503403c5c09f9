/** What is remembered of a statement from run to run: its name among the prepared ones, and its pace. */
import type { Verdict } from '../gate/decide'

/** On average, over its last runs or so, a quick statement takes less. */
const QUICK_MS = 10
const RUNS = 10
/** What is known to end this soon, on average, may have a session that is reserved for that. */
const PROVEN_MS = 100

/**
 * An average, since one run may be slow for reasons that are not the statement's: with "all of the
 * last ten were quick", a busy machine made all slow, and each request then kept a session busy of
 * its own, which kept the machine busy. A run of a second still takes some twenty quick ones to forget.
 */
export class Pace {
  #runs = 0
  #average = 0
  /** Its answer has been too long to be kept whole: what has left cannot be replaced any more. */
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

/** A plan belongs to the role it was made for. */
export function statementKey(role: string, sql: string): string {
  return `${role} ${sql}`
}

/**
 * That a statement is prepared already shows in its time. One that holds content of its own is
 * prepared for each user anew, so that nobody learns by time who else has sent it.
 */
function keyOfUser(role: string, user: string, sql: string): string {
  return `${role}\0${user.length} ${user} ${sql}`
}

/**
 * Whether a constant may hold one of the words that Postgres replaces by the time when it parses the
 * statement: kept prepared, 'today' would stay the day on which it was prepared. A column of that name
 * is taken for one, too, and costs time only.
 * https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-DATETIME-SPECIAL-VALUES
 */
function readsClockWhenParsed(sql: string): boolean {
  return CLOCK_WORD.test(sql) || DISGUISED.test(sql)
}

/** At the beginning of a constant, or anywhere but as the call of now(). */
const CLOCK_WORD =
  /'\s*(?:now|today|tomorrow|yesterday)|(?<![a-z_])(?:now|today|tomorrow|yesterday)(?![a-z_]|\s*\(\s*\))/i

/** Constants that might spell such a word otherwise: E'', U&'', and those in two parts. */
const DISGUISED = /\b(?:e|u&)'|'[^\S\n]*\n\s*'/i

export class StatementCache {
  /** The gate gives out the same verdict for the same text, for as long as it remembers the text. */
  readonly #paces = new WeakMap<Verdict, Pace>()
  readonly #keys = new WeakMap<Verdict, Map<string, string>>()
  readonly #readsClock = new WeakMap<Verdict, boolean>()

  /** Whether the statement must not stay prepared, since its constants are those of one moment. */
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

  /** A verdict on what holds content is its user's alone, so their key is found by role as well. */
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
