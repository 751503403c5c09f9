/** How far an e-mail address (or a password) has been proven, as Clerk's APIs show it. */
import type { VerificationJSON } from '@clerk/nextjs/types'

/** A published type of Clerk's, where its API sends what the type does not say (nulls, mostly). */
export type As<Published, Sent> = Omit<Published, keyof Sent> & Sent

export type Verification = As<
  Pick<VerificationJSON, 'status' | 'strategy' | 'attempts' | 'expire_at' | 'error'>,
  { attempts: number | null; expire_at: number | null; error: null }
>

/** The code that a test-mode Clerk accepts in place of one that it would have to e-mail. */
export const TEST_CODE = '424242'

export function verification(status: Verification['status'], strategy: string): Verification {
  return { status, strategy, attempts: null, expire_at: null, error: null }
}
