/** How far an e-mail address (or a password) has been proven, as Clerk's APIs show it. */
import type { VerificationJSON } from '@clerk/nextjs/types'
import type { Sent } from './sent'

export type Verification = Sent<
  Pick<VerificationJSON, 'status' | 'strategy' | 'attempts' | 'expire_at' | 'error'>,
  { attempts: number | null; expire_at: number | null; error: null }
>

export function verification(status: Verification['status'], strategy: string): Verification {
  return { status, strategy, attempts: null, expire_at: null, error: null }
}
