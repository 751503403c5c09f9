'use client'
/** What components in the browser ask about the user's account. */

import { useUser } from '@auth0/nextjs-auth0'
import { useEffect, useRef } from 'react'

export type Account = { id: string; name: string; email: string }

/** Of this page: what is to happen before it is left, on signing out. */
const signingOut = new EventTarget()

/** Null while Auth0's session is being read. */
export function useAccount(): Account | null {
  const { user } = useUser()
  if (!user) return null
  const email = user.email ?? ''
  return { id: user.sub, name: user.name ?? email, email }
}

/** False, too, while the session is being read. */
export function useIsSignedOut(): boolean {
  const { user, isLoading } = useUser()
  return !isLoading && !user
}

/** Ends the session on this device and at Auth0, and leads to a path of the app. */
export function useSignOut(): ((leadsTo: string) => Promise<void>) | null {
  return (leadsTo) => {
    signingOut.dispatchEvent(new Event('sign-out'))
    const returnTo = encodeURIComponent(new URL(leadsTo, window.location.origin).href)
    window.location.assign(`/auth/logout?returnTo=${returnTo}`)
    return Promise.resolve()
  }
}

/** Auth0 has no page for name, password and devices. */
export function useOpenProfile(): (() => void) | null {
  return null
}

/** Calls `then` when the session ends: here, in another tab, or elsewhere. */
export function useOnSignOut(then: () => void): void {
  const isSignedOut = useIsSignedOut()
  const wasSignedIn = useRef(false)
  useEffect(() => {
    if (isSignedOut && wasSignedIn.current) then()
    wasSignedIn.current = !isSignedOut
    signingOut.addEventListener('sign-out', then)
    return () => {
      signingOut.removeEventListener('sign-out', then)
    }
  }, [isSignedOut, then])
}
