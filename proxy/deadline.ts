/** Work that ends when its client goes away or its time is over, whichever comes first. */
import { ProxyError } from './errors'

/**
 * @param clientGone aborted when nobody waits for the answer any more
 * @param ms after which the work is told to stop
 */
export async function withDeadline<T>(
  clientGone: AbortSignal,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const onGone = () => {
    controller.abort(cancelled())
  }
  const timer = setTimeout(() => {
    controller.abort(timedOut())
  }, ms)
  clientGone.addEventListener('abort', onGone, { once: true })
  if (clientGone.aborted) onGone()
  try {
    return await work(controller.signal)
  } finally {
    clearTimeout(timer)
    clientGone.removeEventListener('abort', onGone)
  }
}

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
