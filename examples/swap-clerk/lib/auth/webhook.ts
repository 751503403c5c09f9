/**
 * What the login provider reports about a user. Auth0 signs no reports of deleted users that this app could check, so it
 * offers no deletion of accounts: docs/swap-clerk.md says what to build for that.
 */
import 'server-only'
import type { NextRequest } from 'next/server'

export type UserEvent = { type: 'user-deleted'; userId: string } | { type: 'other' }

export function webhookSecret(): string | undefined {
  return undefined
}

type Verify = (request: NextRequest, secret: string) => Promise<UserEvent | null>

/** Resolves with null unless the login provider has signed the request. */
export const verifiedEvent: Verify = () => Promise.resolve(null)
