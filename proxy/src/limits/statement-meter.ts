/**
 * Charges running statements to their user's budget, and ends those of users with too much debt. Postgres
 * does not report the cost of a statement, so the time that a session spends on it is charged, and half of
 * the time in which Postgres waits for a slow client.
 */
import type { Cancellation } from '../cancellation'
import type { CpuBudget } from './cpu-budget'

/** How often running statements are charged. */
const TICK_MS = 250
/**
 * The share charged while a client does not read. Zero would be fair to slow networks, but Postgres may
 * compute in the meantime: leaving a megabyte unread would make the rest of the statement free.
 */
const PAUSED_SHARE = 0.5

export type MeterSettings = {
  /** After this many milliseconds, an abandoned statement has certainly ended. */
  readonly longestMs: number
  readonly now?: () => number
  /** Like setInterval; returns a function that stops it. */
  readonly every?: (ms: number, work: () => void) => () => void
}

export class StatementMeters {
  readonly budget: CpuBudget
  readonly #longestMs: number
  readonly #now: () => number
  readonly #every: (ms: number, work: () => void) => () => void
  readonly #running = new Set<Meter>()
  #stop: (() => void) | undefined

  constructor(budget: CpuBudget, { longestMs, now, every }: MeterSettings) {
    this.budget = budget
    this.#longestMs = longestMs
    this.#now = now ?? (() => performance.now())
    this.#every = every ?? repeatedly
  }

  get size(): number {
    return this.#running.size
  }

  /** @param cancellation cancelled when the user has spent too much */
  start(user: string, cancellation: Cancellation): Meter {
    const meter = new Meter(this, user, cancellation, this.#now())
    if (!this.budget.isOff) {
      this.#running.add(meter)
      this.#stop ??= this.#every(TICK_MS, () => {
        this.#tick()
      })
    }
    return meter
  }

  now(): number {
    return this.#now()
  }

  /** Stops charging. */
  end(meter: Meter): void {
    this.#running.delete(meter)
  }

  #tick(): void {
    for (const meter of this.#running) {
      meter.tick()
      if (meter.age > this.#longestMs) this.#running.delete(meter)
    }
    if (this.#running.size > 0) return
    this.#stop?.()
    this.#stop = undefined
  }
}

/** The meter of one request. */
export class Meter {
  readonly #meters: StatementMeters
  readonly #user: string
  readonly #cancellation: Cancellation
  readonly #startedAt: number
  /** Estimated start of the current flight. */
  #since: number
  /** For the current flight: milliseconds charged so far, and time spent waiting for the client. */
  #charged = 0
  #pausedMs = 0
  #pausedAt: number | undefined
  #hasLanded = false
  #isReleased = false

  constructor(meters: StatementMeters, user: string, cancellation: Cancellation, now: number) {
    this.#meters = meters
    this.#user = user
    this.#cancellation = cancellation
    this.#startedAt = this.#since = now
  }

  get age(): number {
    return this.#meters.now() - this.#startedAt
  }

  /** Called when Postgres has to wait for a slow client. */
  pause(): void {
    this.#pausedAt ??= this.#meters.now()
  }

  resume(): void {
    this.#pausedMs = this.#paused()
    this.#pausedAt = undefined
  }

  /** Charges the time since the last tick. */
  tick(): void {
    const worked = this.#worked(this.#meters.now() - this.#since)
    if (worked <= this.#charged) return
    this.#charge(worked - this.#charged)
    this.#charged = worked
    const reason = this.#meters.budget.reasonToEnd(this.#user)
    if (reason !== undefined) this.#cancellation.cancel(reason)
  }

  /** @param ms time that Postgres spent on the flight */
  landed(ms: number): void {
    this.#charge(this.#worked(ms) - this.#charged)
    this.#since = this.#meters.now()
    this.#charged = this.#pausedMs = 0
    this.#pausedAt = undefined
    this.#hasLanded = true
    if (this.#isReleased) this.#meters.end(this)
  }

  /**
   * Ends the request. A statement that still runs is charged until it has landed.
   * @param mayRun false if nothing of it can be running in Postgres
   */
  release(mayRun: boolean): void {
    this.#isReleased = true
    if (this.#hasLanded || !mayRun) this.#meters.end(this)
  }

  #charge(ms: number): void {
    this.#meters.budget.spend(this.#user, ms)
  }

  #paused(): number {
    return this.#pausedAt === undefined
      ? this.#pausedMs
      : this.#pausedMs + this.#meters.now() - this.#pausedAt
  }

  #worked(ms: number): number {
    return Math.max(0, ms - this.#paused() * (1 - PAUSED_SHARE))
  }
}

function repeatedly(ms: number, work: () => void): () => void {
  const timer = setInterval(work, ms).unref()
  return () => {
    clearInterval(timer)
  }
}
