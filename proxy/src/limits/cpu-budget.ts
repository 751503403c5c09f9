/**
 * How much work a user may cause: milliseconds of processor time a second, with a burst for what comes
 * all at once. Work is charged when it is known, so a user may go into debt, and is refused until the
 * debt is paid back; the debt is bounded, and so is the wait.
 */
import { Throttled } from './throttled'
import { TokenBuckets } from './token-buckets'

/**
 * A burst is so many seconds' worth. With the default of 500 ms, 10 s of work at once: an import of
 * thousands of rows, or the one slow report of the day.
 */
const BURST_SECONDS = 20
/** Of a burst: running work is ended at a debt of so much, and no debt is larger than the second. */
const DEBT = { end: 0.5, most: 1 }

export class CpuBudgetExceeded extends Throttled {
  /** @param ms until the debt is paid back */
  constructor(ms: number, wasRunning: boolean) {
    super(
      'cpu_budget_exceeded',
      wasRunning
        ? 'canceling statement: this user’s CPU budget is spent'
        : 'this user’s CPU budget is spent',
      ms,
      // What Postgres says when it cancels a statement.
      wasRunning ? { code: '57014', severity: 'ERROR' } : {},
    )
  }
}

export class CpuBudget {
  readonly #buckets: TokenBuckets
  readonly #endAt: number
  readonly #isOff: boolean
  /** Told of all work that was charged here. */
  onTake: (user: string, ms: number) => void = () => undefined

  /**
   * @param msPerSecond 0 for no limit
   * @param now milliseconds that never go back
   */
  constructor(msPerSecond: number, now?: () => number) {
    this.#isOff = msPerSecond === 0
    const burst = msPerSecond * BURST_SECONDS
    this.#endAt = -DEBT.end * burst
    this.#buckets = new TokenBuckets({
      perSecond: msPerSecond,
      burst,
      maxDebt: DEBT.most * burst,
      ...(now ? { now } : {}),
    })
  }

  get isOff(): boolean {
    return this.#isOff
  }

  get size(): number {
    return this.#buckets.size
  }

  /** @throws CpuBudgetExceeded while the user is in debt */
  check(user: string): void {
    if (!this.#isOff && this.#buckets.tokens(user) < 0) throw this.#exceeded(user, false)
  }

  /** @param ms of processor time; a negative amount gives back what was charged too much */
  spend(user: string, ms: number): void {
    if (this.#isOff) return
    this.#buckets.take(user, ms)
    this.onTake(user, ms)
  }

  /** Counts what was charged in another process. */
  spendElsewhere(user: string, ms: number): void {
    if (!this.#isOff) this.#buckets.take(user, ms)
  }

  /** Why running work must end; undefined while the debt is not too large. */
  reasonToEnd(user: string): CpuBudgetExceeded | undefined {
    if (this.#isOff || this.#buckets.tokens(user) > this.#endAt) return undefined
    return this.#exceeded(user, true)
  }

  #exceeded(user: string, wasRunning: boolean): CpuBudgetExceeded {
    return new CpuBudgetExceeded(this.#buckets.msUntil(user, 0), wasRunning)
  }
}
