'use client'

import { usePathname } from 'next/navigation'
import { buttonClass } from '@/app/components/ui/button'

/** A link to sign in and return. A full page load, which also refreshes a stale session. */
export function SignInAgain() {
  const here = usePathname()
  return (
    <a
      href={`/sign-in?redirect_url=${encodeURIComponent(here)}`}
      className={buttonClass({ variant: 'outline' })}
    >
      Sign in again
    </a>
  )
}
