import { useAuth } from '@clerk/nextjs'
import { useCallback } from 'react'

const timeoutMs = 10_000

/**
 * Returns a function that gives the session's JWT, or null when the session is over. Clerk renews
 * a token that is about to expire, and with it the cookie that server actions are checked by.
 */
export function useSessionToken(): () => Promise<string | null> {
  const { getToken } = useAuth()
  // Clerk waits for its own script without end, even if the network ate it.
  return useCallback(() => Promise.race([getToken(), timeout(timeoutMs)]), [getToken])
}

function timeout(ms: number): Promise<never> {
  return new Promise((_, reject) => {
    AbortSignal.timeout(ms).addEventListener('abort', (event) => {
      reject((event.target as AbortSignal).reason as Error)
    })
  })
}
