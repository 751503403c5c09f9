/** A flight: statements sent in one write and ended by one Sync, which is one network round trip. */
import type { PostgresError, Sink } from './messages'
import type { Prepared } from './statements'

export type Step = {
  readonly sql: string
  readonly params: readonly (string | null)[]
  /** Stays prepared under this key; without a key it is parsed each time. */
  readonly key?: string | undefined
  readonly sink?: Sink | undefined
  /** Parses, plans and describes the statement without running it. */
  readonly isOnlyPrepared?: boolean
  /** Commits the steps before it; in other flights the Sync commits. */
  readonly isCommit?: boolean
}

/** Receives what Postgres answers to messages that are passed on as they are. */
export type Relay = {
  /**
   * @param whole the message with its type and length
   * @param body without them; both are valid only during the call
   */
  onMessage(type: number, whole: Buffer, body: Buffer): void
  /** A step before them has failed, so that Postgres skips them. */
  onRefused(error: PostgresError): void
}

/** Who a flight is for, and whether it may be pipelined behind other flights. */
export type Turn = {
  /** The argument for `giveUp`. A request has at most one flight in progress. */
  readonly owner: object
  /** The user whose share of the sessions this counts against; undefined for internal queries. */
  readonly user?: string | undefined
  readonly follows: boolean
  /** Called with the time that Postgres took, also for errors. */
  readonly onLanded?: (ms: number) => void
  /** Called once with the outcome. */
  readonly onOutcome?: ((outcome: Outcome) => void) | undefined
}

/** A session, for code that only runs statements on it. */
export type Runner = { run(steps: readonly Step[], turn?: Turn): Promise<void> }

/** `unknown`: the session ended before Postgres reported the outcome. */
export type Outcome = 'committed' | 'failed' | 'unknown'

/** The session ended, or its state is unknown. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost'
  /** The flight was sent, so Postgres may have committed it. */
  readonly mayHaveCommitted: boolean

  constructor(message: string, mayHaveCommitted = false) {
    super(message)
    this.mayHaveCommitted = mayHaveCommitted
  }
}

/** Postgres sent a message that the proxy does not support, such as COPY's. */
export class UnexpectedMessage extends ConnectionLost {
  constructor() {
    super('unexpected message from server')
  }
}

/** An earlier flight took too long. This one has no answer yet, so it may run on another session. */
export class Stalled extends Error {
  override readonly name = 'Stalled'
}

export class Flight {
  readonly steps: readonly Step[]
  /** One per step. */
  readonly prepared: readonly Prepared[]
  readonly turn: Turn
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
  /** For what follows the steps. */
  readonly relay: Relay | undefined
  step = 0
  error: PostgresError | undefined = undefined
  /** No longer awaited; the rest of its answer is skipped. */
  isAbandoned = false
  /** `onLanded` has been called. */
  isTimed = false
  /** Written to the socket. */
  isSent = false
  /** Called once Postgres has finished it or closed the session. */
  onGone: (() => void) | undefined = undefined

  constructor(
    steps: readonly Step[],
    prepared: readonly Prepared[],
    turn: Turn,
    resolve: () => void,
    reject: (error: unknown) => void,
    relay?: Relay,
  ) {
    this.steps = steps
    this.prepared = prepared
    this.turn = turn
    this.resolve = resolve
    this.reject = reject
    this.relay = relay
  }
}

/** Rejects a flight; its answer will be skipped. */
export function abandon(flight: Flight, error: unknown): void {
  if (flight.isAbandoned) return
  flight.isAbandoned = true
  const isLost = error instanceof ConnectionLost && !(error instanceof UnexpectedMessage)
  flight.reject(isLost && flight.isSent ? new ConnectionLost(error.message, true) : error)
}

/** Its COMMIT has been answered, so later errors do not concern it. */
export function isCommitted({ step, steps }: Flight): boolean {
  return step === steps.length && steps.at(-1)?.isCommit === true
}

/** All steps that can fail have been answered, so Postgres may be committing or done. */
function mayBeCommitting({ step, steps }: Flight): boolean {
  return step >= steps.length - (steps.at(-1)?.isCommit === true ? 1 : 0)
}

/** The outcome when the session ends before ReadyForQuery. */
function outcomeAtEnd(flight: Flight): Outcome {
  if (isCommitted(flight)) return 'committed'
  if (!flight.isSent) return 'failed'
  if (flight.error === undefined) return 'unknown'
  // An ERROR ends the transaction; a FATAL may follow its commit.
  const isFailed = flight.error.fields.severity === 'ERROR' || !mayBeCommitting(flight)
  return isFailed ? 'failed' : 'unknown'
}

/** Calls the listener once Postgres has finished the flight or closed its session. */
export function whenGone(flight: Flight, listener: () => void): void {
  const { onGone } = flight
  flight.onGone = () => {
    onGone?.()
    listener()
  }
}

/** The flights of a session, in order. Postgres answers each one, even if an earlier one fails. */
export class Flights {
  #line: Flight[] = []
  /** When the current first flight became the first. */
  #since = 0

  get size(): number {
    return this.#line.length
  }

  get first(): Flight | undefined {
    return this.#line[0]
  }

  /** Milliseconds for which Postgres has been working on the first flight. */
  get age(): number {
    return this.#line.length === 0 ? 0 : performance.now() - this.#since
  }

  add(flight: Flight): void {
    if (this.#line.length === 0) this.#since = performance.now()
    this.#line.push(flight)
  }

  /** The flight that an owner still awaits. */
  of(owner: object): Flight | undefined {
    return this.#line.find((flight) => flight.turn.owner === owner && !flight.isAbandoned)
  }

  /** Removes the first flight, whose answer is complete. */
  land(): Flight | undefined {
    this.time()
    const flight = this.#line.shift()
    this.#since = performance.now()
    flight?.turn.onOutcome?.(flight.error === undefined ? 'committed' : 'failed')
    flight?.onGone?.()
    return flight
  }

  /** Marks all flights as written to the socket. */
  sent(): void {
    for (const flight of this.#line) flight.isSent = true
  }

  /** Reports the time of the first flight. If that is being stopped, it is a lower bound. */
  time(): void {
    const { first } = this
    if (first === undefined || first.isTimed) return
    first.isTimed = true
    first.turn.onLanded?.(this.age)
  }

  /** Rejects all flights but the first, so that they run on other sessions. */
  abandonFollowers(error: Stalled): void {
    for (const flight of this.#line.slice(1)) abandon(flight, error)
  }

  /** Settles all flights of a session that has ended. */
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
