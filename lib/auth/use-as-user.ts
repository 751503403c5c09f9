import { useClerk } from '@clerk/nextjs'
import { isClerkAPIResponseError } from '@clerk/nextjs/errors'
import { useCallback } from 'react'
import { callProblem, failed, type Result } from '../problem'

type Clerk = ReturnType<typeof useClerk>

const timeoutMs = 10_000

/** Does something with the session's token. */
export type AsUser = <T>(attempt: (token: string) => Promise<Result<T>>) => Promise<Result<T>>

/**
 * Returns a function that runs an attempt as the signed-in user, and never throws. Clerk renews a
 * token that is about to expire, and with it the cookie that server actions are checked by.
 *
 * An attempt whose token is refused is made once more with a new one: it did nothing, because the
 * token is checked first, and a browser with a slow clock takes an expired token for a good one.
 */
export function useAsUser(): AsUser {
  const clerk = useClerk()
  return useCallback(
    async (attempt) => {
      try {
        for (const skipCache of [false, true]) {
          // Clerk waits for its own script without end, even if the network ate it.
          const token = await Promise.race([currentToken(clerk, skipCache), timeout(timeoutMs)])
          if (token === null) break
          const result = await attempt(token)
          if (result.ok || result.problem !== 'signed-out') return result
        }
        return failed('signed-out')
      } catch (error) {
        return failed(isOffline(error) ? 'unreachable' : callProblem(error))
      }
    },
    [clerk],
  )
}

/** As clerk-js says it when it cannot renew the session's token. */
function isOffline(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'clerk_offline'
}

/** @returns null when the session is over */
async function currentToken(clerk: Clerk, skipCache: boolean): Promise<string | null> {
  const session = await settledSession(clerk)
  try {
    return session ? await session.getToken({ skipCache }) : null
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
