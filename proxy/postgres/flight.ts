/** A flight: statements that are written in one piece and end in one Sync, so one network round trip. */
import type { PostgresError, Sink } from './messages'
import type { Prepared } from './statements'

export type Step = {
  readonly sql: string
  readonly params: readonly (string | null)[]
  /** Kept as a prepared statement under this key; without one it is parsed anew. */
  readonly key?: string
  readonly sink?: Sink
  /** It is parsed, planned and described, and does not run. */
  readonly isOnlyPrepared?: boolean
}

/** On whose behalf a flight is made, and whether it may be sent behind other people's. */
export type Turn = {
  readonly owner: object
  readonly follows: boolean
  /** Told how long Postgres took, once it has answered; errors take their time, too. */
  readonly onLanded?: (ms: number) => void
}

/** The session ended, or ran into something that leaves its state in doubt. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost'
}

/** What went before took too long; nothing of this flight was answered, so it may be made elsewhere. */
export class HeldUp extends Error {
  override readonly name = 'HeldUp'
}

export type Flight = {
  readonly steps: readonly Step[]
  /** One for each step. */
  readonly prepared: readonly Prepared[]
  readonly turn: Turn
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
  step: number
  error: PostgresError | undefined
  /** Nobody waits for it any more; what still arrives of it is passed over. */
  isAbandoned: boolean
}

/** Each flight is answered in its turn, whatever becomes of those before it. */
export class Flights {
  #line: Flight[] = []
  /** When the first of them became the first. */
  #since = 0

  get size(): number {
    return this.#line.length
  }

  get first(): Flight | undefined {
    return this.#line[0]
  }

  /** Milliseconds for which Postgres has been at work on the first. */
  get age(): number {
    return this.#line.length === 0 ? 0 : performance.now() - this.#since
  }

  add(flight: Flight): void {
    if (this.#line.length === 0) this.#since = performance.now()
    this.#line.push(flight)
  }

  /** The first has been answered. */
  land(): Flight | undefined {
    const flight = this.#line.shift()
    const now = performance.now()
    flight?.turn.onLanded?.(now - this.#since)
    this.#since = now
    return flight
  }

  /** Gives up those behind the first, or of them only an owner's. */
  abandonFollowers(error: Error, owner?: object): void {
    for (const flight of this.#line.slice(1)) {
      if (flight.isAbandoned || (owner !== undefined && flight.turn.owner !== owner)) continue
      flight.isAbandoned = true
      flight.reject(error)
    }
  }

  /** None of them will be answered. */
  end(error: unknown): void {
    // What was cut short was at work for so long, at least.
    this.first?.turn.onLanded?.(this.age)
    const [first, ...others] = this.#line.splice(0)
    if (first?.isAbandoned === false) first.reject(error)
    for (const flight of others) if (!flight.isAbandoned) flight.reject(new HeldUp('session ended'))
  }
}
