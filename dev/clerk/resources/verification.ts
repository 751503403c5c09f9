/** How far an e-mail address (or a password) has been proven, as Clerk's APIs show it. */
import type { VerificationJSON } from '@clerk/nextjs/types'
import type { Sent } from './sent'

export type Verification = Sent<
  Pick<VerificationJSON, 'status' | 'strategy' | 'attempts' | 'expire_at' | 'error'>,
  { strategy: string | null; attempts: number | null; expire_at: number | null; error: null }
>

/** @param strategy null until a code has been sent: Clerk's form then asks for one by itself. */
export function verification(
  status: Verification['status'],
  strategy: string | null,
): Verification {
  return { status, strategy, attempts: null, expire_at: null, error: null }
}
