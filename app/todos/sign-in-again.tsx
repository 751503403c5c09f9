'use client'

import { usePathname } from 'next/navigation'
import { Button } from '@/app/components/ui/button'

/** A link to sign in and return. A full page load, which also refreshes a stale session. */
export function SignInAgain() {
  const here = usePathname()
  return (
    <Button asChild variant="outline">
      <a href={`/sign-in?redirect_url=${encodeURIComponent(here)}`}>Sign in again</a>
    </Button>
  )
}
