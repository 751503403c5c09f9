'use client'
/** What components in the browser ask about the user's account. */

import { useAuth, useClerk, useUser } from '@clerk/nextjs'
import { useEffect } from 'react'

export type Account = { id: string; name: string; email: string }

/** Null while Clerk loads. */
export function useAccount(): Account | null {
  const { user } = useUser()
  if (!user) return null
  const email = user.primaryEmailAddress?.emailAddress ?? ''
  return { id: user.id, name: user.fullName ?? email, email }
}

/** False, too, while Clerk loads. */
export function useIsSignedOut(): boolean {
  return useAuth().isSignedIn === false
}

/** Ends the session on this device, and leads to a path of the app; null while Clerk loads. */
export function useSignOut(): ((leadsTo: string) => Promise<void>) | null {
  const clerk = useClerk()
  if (!clerk.loaded) return null
  // A page load, as for every way to the landing page (app/components/page-link.tsx).
  return (leadsTo) =>
    clerk.signOut(() => {
      window.location.assign(leadsTo)
    })
}

/** Opens Clerk's dialog with name, password and devices; null while Clerk loads. */
export function useOpenProfile(): (() => void) | null {
  const clerk = useClerk()
  return clerk.loaded
    ? () => {
        clerk.openUserProfile()
      }
    : null
}

/** Calls `then` when the session ends: here, in another tab, or elsewhere. */
export function useOnSignOut(then: () => void): void {
  const clerk = useClerk()
  useEffect(() => {
    let wasSignedIn = false
    return clerk.addListener(({ session }) => {
      // Undefined: Clerk does not know yet, or no more, as when it leaves the page on signing out.
      if (session === null || (session === undefined && wasSignedIn)) then()
      wasSignedIn = Boolean(session)
    })
  }, [clerk, then])
}
