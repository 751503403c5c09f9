/** Ends a session whose client waits for too long, or whose transaction lasts too long. */
import type { ProxyError } from '../errors'
import { idle, idleInTransaction, transactionTooLong } from './session-errors'

export type TimerSettings = {
  readonly idleMs: number
  readonly idleInTransactionMs: number
  /** The longest transaction. */
  readonly transactionMs: number
}

export type TimerParts = TimerSettings & {
  /** Whether the client keeps a session in Postgres from others. */
  readonly isHolding: () => boolean
  /** Whether it is Postgres' turn. */
  readonly isAnswering: () => boolean
  readonly end: (error: ProxyError) => void
}

export class SessionTimers {
  readonly #parts: TimerParts
  #idle: NodeJS.Timeout | undefined
  #transaction: NodeJS.Timeout | undefined

  constructor(parts: TimerParts) {
    this.#parts = parts
  }

  /** From now on, it is the client's turn. */
  wait(): void {
    clearTimeout(this.#idle)
    const { isHolding, isAnswering, end, idleMs, idleInTransactionMs } = this.#parts
    const isHeld = isHolding()
    this.#idle = setTimeout(
      () => {
        if (isAnswering()) this.wait()
        else end(isHeld ? idleInTransaction() : idle())
      },
      isHeld ? idleInTransactionMs : idleMs,
    )
  }

  /** The client has sent something. */
  heard(): void {
    clearTimeout(this.#idle)
  }

  /** @param isOpen whether a transaction is open, which may have been so before */
  watchTransaction(isOpen: boolean): void {
    if (!isOpen) {
      clearTimeout(this.#transaction)
      this.#transaction = undefined
      return
    }
    this.#transaction ??= setTimeout(() => {
      this.#parts.end(transactionTooLong())
    }, this.#parts.transactionMs)
  }

  stop(): void {
    clearTimeout(this.#idle)
    clearTimeout(this.#transaction)
  }
}
