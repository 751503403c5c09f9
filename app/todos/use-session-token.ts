import { useClerk } from '@clerk/nextjs'
import { isClerkAPIResponseError } from '@clerk/nextjs/errors'
import { useCallback } from 'react'

type Clerk = ReturnType<typeof useClerk>

const timeoutMs = 10_000

/**
 * Returns a function that gives the session's JWT, or null when the session is over. Clerk renews
 * a token that is about to expire, and with it the cookie that server actions are checked by.
 */
export function useSessionToken(): () => Promise<string | null> {
  const clerk = useClerk()
  return useCallback(
    // Clerk waits for its own script without end, even if the network ate it.
    () => Promise.race([currentToken(clerk), timeout(timeoutMs)]),
    [clerk],
  )
}

async function currentToken(clerk: Clerk): Promise<string | null> {
  const session = await settledSession(clerk)
  try {
    return session ? await session.getToken() : null
  } catch (error) {
    // Ended elsewhere, and this page is the first to hear of it.
    if (isClerkAPIResponseError(error) && error.status === 401) return null
    throw error
  }
}

/**
 * Waits while `session` is undefined: until Clerk has loaded, and in the moment after a sign-in,
 * when the next page is there before the session is. Clerk's own getToken() gives null then.
 */
function settledSession(clerk: Clerk): Promise<Clerk['session']> {
  return new Promise((resolve) => {
    const stop = clerk.addListener(({ session }) => {
      if (session === undefined) return
      // Later: Clerk may call this before addListener() has returned.
      queueMicrotask(() => {
        stop()
      })
      resolve(session)
    })
  })
}

function timeout(ms: number): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => {
      reject(new DOMException('Clerk did not answer', 'TimeoutError'))
    }, ms)
  })
}
