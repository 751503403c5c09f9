/**
 * Limits a user's work to some milliseconds of processor time per second, with a burst. Work is charged
 * after the fact, so a user can go into debt, and is then refused until the debt is paid back. The debt is
 * bounded, and so is the wait.
 */
import { Throttled } from './throttled'
import { TokenBuckets } from './token-buckets'

/**
 * The burst, in seconds' worth of budget. With the default of 500 ms, it allows 10 s of work at once: an
 * import of thousands of rows, or one slow report.
 */
const BURST_SECONDS = 20
/** As fractions of a burst: the debt at which running work is ended, and the largest debt. */
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
      // Postgres' code for a cancelled statement.
      wasRunning ? { code: '57014', severity: 'ERROR' } : {},
    )
  }
}

export class CpuBudget {
  readonly #buckets: TokenBuckets
  readonly #endAt: number
  readonly #isOff: boolean
  /** Called for all work charged in this process. */
  onTake: (user: string, ms: number) => void = () => undefined

  /**
   * @param msPerSecond 0 for no limit
   * @param now a monotonic clock in milliseconds
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

  /** @param ms of processor time; negative to refund */
  spend(user: string, ms: number): void {
    if (this.#isOff) return
    this.#buckets.take(user, ms)
    this.onTake(user, ms)
  }

  /** Charges work from another process. */
  spendElsewhere(user: string, ms: number): void {
    if (!this.#isOff) this.#buckets.take(user, ms)
  }

  /** Why running work must end; undefined while the debt is acceptable. */
  reasonToEnd(user: string): CpuBudgetExceeded | undefined {
    if (this.#isOff || this.#buckets.tokens(user) > this.#endAt) return undefined
    return this.#exceeded(user, true)
  }

  #exceeded(user: string, wasRunning: boolean): CpuBudgetExceeded {
    return new CpuBudgetExceeded(this.#buckets.msUntil(user, 0), wasRunning)
  }
}
