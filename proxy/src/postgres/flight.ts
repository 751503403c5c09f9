/** A flight: statements that are written in one piece and end in one Sync, so one network round trip. */
import type { PostgresError, Sink } from './messages'
import type { Prepared } from './statements'

export type Step = {
  readonly sql: string
  readonly params: readonly (string | null)[]
  /** Kept as a prepared statement under this key; without one it is parsed anew. */
  readonly key?: string | undefined
  readonly sink?: Sink | undefined
  /** It is parsed, planned and described, and does not run. */
  readonly isOnlyPrepared?: boolean
  /** Commits what the steps before it did; otherwise the flight's Sync does. */
  readonly isCommit?: boolean
}

/** On whose behalf a flight is made, and whether it may be sent behind other people's. */
export type Turn = {
  /** What `giveUp` is told; one request has one flight under way at most. */
  readonly owner: object
  /** Whose share of the sessions the flight counts against; undefined: nobody's. */
  readonly user?: string | undefined
  readonly follows: boolean
  /** Told how long Postgres took, once it has answered; errors take their time, too. */
  readonly onLanded?: (ms: number) => void
  /** Told once what became of the flight. */
  readonly onOutcome?: ((outcome: Outcome) => void) | undefined
}

/** A session, to those who only run something on it. */
export type Runner = { run(steps: readonly Step[], turn?: Turn): Promise<void> }

/** What Postgres made of a flight that was sent; `unknown`: the session ended before it could say. */
export type Outcome = 'committed' | 'failed' | 'unknown'

/** The session ended, or ran into something that leaves its state in doubt. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost'
  /** The flight had been sent, so Postgres may have committed it. */
  readonly mayHaveCommitted: boolean

  constructor(message: string, mayHaveCommitted = false) {
    super(message)
    this.mayHaveCommitted = mayHaveCommitted
  }
}

/** Postgres speaks a part of the protocol that the proxy does not, such as COPY's. */
export class UnexpectedMessage extends ConnectionLost {
  constructor() {
    super('unexpected message from server')
  }
}

/** What went before took too long; nothing of this flight was answered, so it may be made elsewhere. */
export class Stalled extends Error {
  override readonly name = 'Stalled'
}

export class Flight {
  readonly steps: readonly Step[]
  /** One for each step. */
  readonly prepared: readonly Prepared[]
  readonly turn: Turn
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
  step = 0
  error: PostgresError | undefined = undefined
  /** Nobody waits for it any more; what still arrives of it is passed over. */
  isAbandoned = false
  /** `onLanded` has been told. */
  isTimed = false
  /** Written to the socket. */
  isSent = false
  /** Called once Postgres is through with it, or has closed the session. */
  onGone: (() => void) | undefined = undefined

  constructor(
    steps: readonly Step[],
    prepared: readonly Prepared[],
    turn: Turn,
    resolve: () => void,
    reject: (error: unknown) => void,
  ) {
    this.steps = steps
    this.prepared = prepared
    this.turn = turn
    this.resolve = resolve
    this.reject = reject
  }
}

/** Its answer is no longer waited for. */
export function abandon(flight: Flight, error: unknown): void {
  if (flight.isAbandoned) return
  flight.isAbandoned = true
  const isLost = error instanceof ConnectionLost && !(error instanceof UnexpectedMessage)
  flight.reject(isLost && flight.isSent ? new ConnectionLost(error.message, true) : error)
}

/** Its COMMIT has been answered: what Postgres says after that is not about the flight. */
export function isCommitted({ step, steps }: Flight): boolean {
  return step === steps.length && steps.at(-1)?.isCommit === true
}

/** All that can fail has been answered, so Postgres may be committing, or be through with it. */
function mayBeCommitting({ step, steps }: Flight): boolean {
  return step >= steps.length - (steps.at(-1)?.isCommit === true ? 1 : 0)
}

/** The session has ended before Postgres said that it was through with the flight. */
function outcomeAtEnd(flight: Flight): Outcome {
  if (isCommitted(flight)) return 'committed'
  if (!flight.isSent) return 'failed'
  if (flight.error === undefined) return 'unknown'
  // An ERROR ends the transaction; a FATAL may follow its commit.
  const isFailed = flight.error.fields.severity === 'ERROR' || !mayBeCommitting(flight)
  return isFailed ? 'failed' : 'unknown'
}

/** Calls back once Postgres is through with a flight, or has closed its session. */
export function whenGone(flight: Flight, listener: () => void): void {
  const { onGone } = flight
  flight.onGone = () => {
    onGone?.()
    listener()
  }
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

  /** The one that an owner still waits for. */
  of(owner: object): Flight | undefined {
    return this.#line.find((flight) => flight.turn.owner === owner && !flight.isAbandoned)
  }

  /** The first has been answered. */
  land(): Flight | undefined {
    this.time()
    const flight = this.#line.shift()
    this.#since = performance.now()
    flight?.turn.onOutcome?.(flight.error === undefined ? 'committed' : 'failed')
    flight?.onGone?.()
    return flight
  }

  /** All of them have been written to the socket. */
  sent(): void {
    for (const flight of this.#line) flight.isSent = true
  }

  /** Tells how long Postgres has been at work on the first; what is stopped was for so long, at least. */
  time(): void {
    const { first } = this
    if (first === undefined || first.isTimed) return
    first.isTimed = true
    first.turn.onLanded?.(this.age)
  }

  /** Those behind the first are made elsewhere. */
  abandonFollowers(error: Stalled): void {
    for (const flight of this.#line.slice(1)) abandon(flight, error)
  }

  /** Postgres has closed the session; none of them is under way any more. */
  end(error: unknown): void {
    this.time()
    this.abandonFollowers(new Stalled('session ended'))
    for (const flight of this.#line.splice(0)) {
      const outcome = outcomeAtEnd(flight)
      flight.turn.onOutcome?.(outcome)
      if (outcome === 'committed' && !flight.isAbandoned) flight.resolve()
      else if (outcome === 'unknown') abandon(flight, new ConnectionLost('connection closed'))
      else abandon(flight, flight.error ?? error)
      flight.onGone?.()
    }
  }
}
