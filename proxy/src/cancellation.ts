/**
 * Tells the parts of a request that its client has gone, or that its time is up.
 * AbortSignal does the same, but two of them with their listeners took a tenth of a request's whole
 * time. This is a field and a short list.
 */
import { ProxyError } from './errors'

export class Cancellation {
  #reason: Error | undefined
  #listeners: ((reason: Error) => void)[] | undefined

  get reason(): Error | undefined {
    return this.#reason
  }

  /** Only the first reason counts. */
  cancel(reason: Error): void {
    if (this.#reason !== undefined) return
    this.#reason = reason
    const listeners = this.#listeners ?? []
    this.#listeners = undefined
    for (const listener of listeners) listener(reason)
  }

  /** Calls the listener immediately if already cancelled. */
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

/** For callers that clear the timer themselves. */
export function startDeadline(cancellation: Cancellation, ms: number): NodeJS.Timeout {
  return setTimeout(() => {
    cancellation.cancel(timedOut())
  }, ms)
}

/** For internal queries, which have timeouts of their own. */
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
