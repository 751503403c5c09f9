'use client'

import { AccountButton, useIsSignedIn } from '@/lib/auth/account'
import { NavLink } from './nav-link'

/**
 * What the header offers to who is signed in. In the browser, because a layout is not rendered
 * again when somebody signs in or out.
 */
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
