/** What is remembered of a statement from run to run: its name among the prepared ones, and its pace. */
import type { Verdict } from './gate/decide'

/** A statement that took no longer than this, so often in a row, is quick. */
const QUICK_MS = 5
const QUICK_RUNS = 10

export class Pace {
  #quickRuns = 0

  /** One slow run, and it has to prove itself again. */
  get isQuick(): boolean {
    return this.#quickRuns >= QUICK_RUNS
  }

  readonly record = (ms: number): void => {
    this.#quickRuns = ms < QUICK_MS ? this.#quickRuns + 1 : 0
  }
}

/** A plan belongs to the role it was made for. */
export function statementKey(role: string, sql: string): string {
  return `${role} ${sql}`
}

export class StatementMemory {
  /** The gate gives out the same verdict for the same text, for as long as it remembers the text. */
  readonly #paces = new WeakMap<Verdict, Pace>()
  readonly #keys = new WeakMap<Verdict, Map<string, string>>()

  paceOf(verdict: Verdict): Pace {
    const known = this.#paces.get(verdict)
    if (known !== undefined) return known
    const pace = new Pace()
    this.#paces.set(verdict, pace)
    return pace
  }

  /** The same as `statementKey`, whose putting together is what costs. */
  keyOf(verdict: Verdict, role: string, sql: string): string {
    let keys = this.#keys.get(verdict)
    if (keys === undefined) this.#keys.set(verdict, (keys = new Map<string, string>()))
    let key = keys.get(role)
    if (key === undefined) keys.set(role, (key = statementKey(role, sql)))
    return key
  }
}
