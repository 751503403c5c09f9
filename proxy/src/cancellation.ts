/**
 * Tells the parts of a request that nobody waits for its answer any more, or that its time is over.
 * AbortSignal does the same for a tenth of a request's whole time, as two of them with their
 * listeners were found to take; this is a field and a short list.
 */
import { ProxyError } from './errors'

export class Cancellation {
  #reason: Error | undefined
  #listeners: ((reason: Error) => void)[] | undefined

  get reason(): Error | undefined {
    return this.#reason
  }

  /** The first reason counts. */
  cancel(reason: Error): void {
    if (this.#reason !== undefined) return
    this.#reason = reason
    const listeners = this.#listeners ?? []
    this.#listeners = undefined
    for (const listener of listeners) listener(reason)
  }

  /** Calls the listener at once when it is too late already. */
  listen(listener: (reason: Error) => void): void {
    if (this.#reason !== undefined) listener(this.#reason)
    else if (this.#listeners === undefined) this.#listeners = [listener]
    else this.#listeners.push(listener)
  }

  unlisten(listener: (reason: Error) => void): void {
    const at = this.#listeners?.indexOf(listener) ?? -1
    if (at >= 0) this.#listeners?.splice(at, 1)
  }

  throwIfCancelled(): void {
    if (this.#reason !== undefined) throw this.#reason
  }
}

/**
 * Runs work that is cancelled when it takes longer.
 * @param ms after which the reason is that a statement took too long
 */
export async function withDeadline<T>(
  cancellation: Cancellation,
  ms: number,
  work: () => Promise<T>,
): Promise<T> {
  const deadline = startDeadline(cancellation, ms)
  try {
    return await work()
  } finally {
    clearTimeout(deadline)
  }
}

/** For work that clears the timer itself. */
export function startDeadline(cancellation: Cancellation, ms: number): NodeJS.Timeout {
  return setTimeout(() => {
    cancellation.cancel(timedOut())
  }, ms)
}

/** For questions of our own, which end by themselves. */
export async function within<T>(
  ms: number,
  work: (cancellation: Cancellation) => Promise<T>,
): Promise<T> {
  const cancellation = new Cancellation()
  return withDeadline(cancellation, ms, () => work(cancellation))
}

/** The client has gone away. */
export function cancelled(): ProxyError {
  return new ProxyError('cancelled', 'Query cancelled, connection was terminated', {
    code: '08P01',
  })
}

function timedOut(): ProxyError {
  return new ProxyError('cancelled', 'canceling statement due to statement timeout', {
    code: '57014',
    severity: 'ERROR',
    hint: 'The whole request took too long; send fewer or faster statements.',
  })
}
