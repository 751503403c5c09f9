import { getAccessToken } from '@auth0/nextjs-auth0'
import { AccessTokenError } from '@auth0/nextjs-auth0/errors'
import { decodeJwt } from 'jose'
import { callProblem, failed, type Result } from '../problem'

/** Does something with the session's token. */
export type AsUser = <T>(attempt: (token: string) => Promise<Result<T>>) => Promise<Result<T>>

/** So long before its end, a token is asked for anew. */
const EARLY_MS = 15_000

let kept: { readonly token: string; readonly until: number } | undefined

/**
 * Returns a function that runs an attempt as the signed-in user, and never throws. An attempt whose token is refused is
 * made once more with a new one: it did nothing, because the token is checked first.
 */
export function useAsUser(): AsUser {
  return asUser
}

const asUser: AsUser = async (attempt) => {
  try {
    for (const isNew of [false, true]) {
      const token = await currentToken(isNew)
      if (token === null) break
      const result = await attempt(token)
      if (result.ok || result.problem !== 'signed-out') return result
    }
    return failed('signed-out')
  } catch (error) {
    return failed(callProblem(error))
  }
}

/** @returns null when the session is over */
async function currentToken(isNew: boolean): Promise<string | null> {
  if (!isNew && kept !== undefined && performance.now() < kept.until) return kept.token
  try {
    const token = await getAccessToken()
    const { iat = 0, exp = 0 } = decodeJwt(token)
    // By a clock that nobody sets: that of the computer may be wrong.
    kept = { token, until: performance.now() + (exp - iat) * 1000 - EARLY_MS }
    return token
  } catch (error) {
    if (error instanceof AccessTokenError) return null
    throw error
  }
}
