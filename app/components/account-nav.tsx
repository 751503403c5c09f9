'use client'

import { AccountButton, useIsSignedIn } from '@/lib/auth/account'
import { NavLink } from './nav-link'

/** The header's links for signed-in users. */
export function AccountNav() {
  if (!useIsSignedIn()) return null
  return (
    <>
      <nav aria-label="Main" className="flex gap-1">
        <NavLink href="/server">Server</NavLink>
        <NavLink href="/browser">Browser</NavLink>
      </nav>
      <div className="ml-auto flex size-10 items-center justify-center">
        <AccountButton fallback={<span className="size-7 animate-pulse rounded-full bg-muted" />} />
      </div>
    </>
  )
}
