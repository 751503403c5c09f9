/**
 * Charges statements to their user's budget while they run, and ends those of a user whose debt is
 * too large. Postgres does not say what a statement has cost; the time for which a session was
 * at work on it is charged instead, and half of the time in which a slow client kept Postgres waiting.
 */
import type { Cancellation } from '../cancellation'
import type { CpuBudget } from './cpu-budget'

/** So far behind are charges of what still runs. */
const TICK_MS = 250
/**
 * Of the time in which a client does not read. None would be fair to a slow line, but Postgres may be
 * computing what comes next: a megabyte that is not read would make the rest of the statement free.
 */
const PAUSED_SHARE = 0.5

export type MeterSettings = {
  /** After this many milliseconds a statement that nobody waits for has surely ended. */
  readonly longestMs: number
  readonly now?: () => number
  /** Calls again and again, until it is told to stop. */
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

  /** @param cancellation of the request, which ends it when its user has spent too much */
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

  /** It is charged no more. */
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

/** Of one request. */
export class Meter {
  readonly #meters: StatementMeters
  readonly #user: string
  readonly #cancellation: Cancellation
  readonly #startedAt: number
  /** When the flight under way began, as far as is known before it has landed. */
  #since: number
  /** Of that flight: charged while it ran, and spent waiting for the client. */
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

  /** The client reads slowly, and Postgres has to wait. */
  pause(): void {
    this.#pausedAt ??= this.#meters.now()
  }

  resume(): void {
    this.#pausedMs = this.#paused()
    this.#pausedAt = undefined
  }

  /** Charges what has run since the last tick. */
  tick(): void {
    const worked = this.#worked(this.#meters.now() - this.#since)
    if (worked <= this.#charged) return
    this.#charge(worked - this.#charged)
    this.#charged = worked
    const reason = this.#meters.budget.reasonToEnd(this.#user)
    if (reason !== undefined) this.#cancellation.cancel(reason)
  }

  /** @param ms for which Postgres was at work on the flight */
  landed(ms: number): void {
    this.#charge(this.#worked(ms) - this.#charged)
    this.#since = this.#meters.now()
    this.#charged = this.#pausedMs = 0
    this.#pausedAt = undefined
    this.#hasLanded = true
    if (this.#isReleased) this.#meters.end(this)
  }

  /**
   * The request is over. What is left of it goes on being charged until it has landed.
   * @param mayRun false when Postgres cannot be at work on it
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
