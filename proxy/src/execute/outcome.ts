/** Determines whether a write failed. Only Postgres' own word counts as failure. */
import { ProxyError } from '../errors'
import { ConnectionLost, type Outcome } from '../postgres/flight'

/** How long to wait for Postgres' answer to a cancelled statement. */
const WAIT_MS = 1_000

const UNKNOWN = {
  // transaction_resolution_unknown
  code: '08007',
  severity: 'ERROR',
  hint: 'It may have been saved or not. Read the data before you send it again.',
}

const UNREAD: ReadonlySet<string> = new Set(['answer_too_large', 'answer_undecodable'])

/** Tracks the outcome of a request's statements, as far as it is known. */
export class RequestOutcome {
  #outcome: Outcome | undefined
  #onKnown: (() => void) | undefined

  /** The `onOutcome` of the statements' flight. */
  readonly tell = (outcome: Outcome): void => {
    this.#outcome = outcome
    this.#onKnown?.()
  }

  /** Whether Postgres has confirmed that nothing was saved. */
  get isRolledBack(): boolean {
    return this.#outcome === 'failed'
  }

  /**
   * Chooses the error for the client. Waits up to a second for Postgres to answer an abandoned statement.
   * @param error the flight's error
   * @param told the client's error if Postgres has rolled back or nothing had been sent
   */
  async explain(error: unknown, told: unknown): Promise<unknown> {
    // After the commit, only an internal query can fail, such as the one for types in the answer.
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

/** Whether statements had been sent, and Postgres did not refuse them. */
function wasUnderWay(error: unknown): boolean {
  if (error instanceof ConnectionLost) return error.mayHaveCommitted
  // Reading the answer failed, but Postgres may have committed.
  return error instanceof RangeError || (error instanceof ProxyError && UNREAD.has(error.code))
}

/** For an unreadable answer, the code stays and the SQLSTATE says that the outcome is unknown. */
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
