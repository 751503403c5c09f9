'use client'

import { usePathname } from 'next/navigation'
import { Button } from '@/app/components/ui/button'

/** The way to sign in and back. A full page load: it also brings a stale session up to date. */
export function SignInAgain() {
  const here = usePathname()
  return (
    <Button asChild variant="outline">
      <a href={`/sign-in?redirect_url=${encodeURIComponent(here)}`}>Sign in again</a>
    </Button>
  )
}
