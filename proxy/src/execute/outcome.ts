/** A request that may have saved something never says that it failed unless Postgres has said so. */
import { ProxyError } from '../errors'
import { ConnectionLost, type Outcome } from '../postgres/flight'

/** A statement that was cancelled has most likely been answered by then. */
const WAIT_MS = 1_000

const UNKNOWN = {
  // transaction_resolution_unknown
  code: '08007',
  severity: 'ERROR',
  hint: 'It may have been saved or not. Read the data before you send it again.',
}

const UNREAD: ReadonlySet<string> = new Set(['answer_too_large', 'answer_undecodable'])

/** What becomes of one request's statements, as far as it can be known. */
export class RequestOutcome {
  #outcome: Outcome | undefined
  #onKnown: (() => void) | undefined

  /** For the turn of the flight that holds the statements. */
  readonly tell = (outcome: Outcome): void => {
    this.#outcome = outcome
    this.#onKnown?.()
  }

  /** Postgres has said that nothing was saved. */
  get isRolledBack(): boolean {
    return this.#outcome === 'failed'
  }

  /**
   * What to tell the client about a failure; waits up to a second for Postgres to answer a statement
   * that was given up.
   * @param error that came of the flight
   * @param told what the client is to be told when Postgres has rolled back, or nothing had been sent
   */
  async explain(error: unknown, told: unknown): Promise<unknown> {
    // What failed after the commit was a question of our own, such as for the types in the answer.
    if (!wasUnderWay(error) && this.#outcome !== 'committed') return told
    if (this.#outcome === undefined) await this.#known(WAIT_MS)
    if (this.#outcome === 'failed') return told
    return outcomeUnknown(told)
  }

  #known(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#onKnown = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

/** Whether statements had been sent, and it was not Postgres that refused them. */
function wasUnderWay(error: unknown): boolean {
  if (error instanceof ConnectionLost) return error.mayHaveCommitted
  // Reading the answer failed, which is nothing to Postgres.
  return error instanceof RangeError || (error instanceof ProxyError && UNREAD.has(error.code))
}

/** An answer that cannot be read stays that, with the SQLSTATE that says what is not known. */
function outcomeUnknown(told: unknown): ProxyError {
  if (told instanceof ProxyError && UNREAD.has(told.code)) {
    return new ProxyError(told.code, told.message, {
      ...UNKNOWN,
      detail: 'The statement itself may have been carried out.',
    })
  }
  const why = told instanceof ProxyError ? told.message : 'connection to Postgres lost'
  return new ProxyError(
    'outcome_unknown',
    `the outcome of the statement is unknown: ${why}`,
    UNKNOWN,
  )
}
