'use client'
/** What components in the browser ask about the user's account. */

import { useAuth, UserButton } from '@clerk/nextjs'
import type { ReactNode } from 'react'

/** False, too, while Clerk loads. */
export function useIsSignedIn(): boolean {
  return useAuth().isSignedIn === true
}

/** Opens the menu with the profile and the way out. */
export function AccountButton({ fallback }: { fallback: ReactNode }) {
  return <UserButton fallback={fallback} />
}
