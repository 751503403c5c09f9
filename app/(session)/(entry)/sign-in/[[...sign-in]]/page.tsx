import type { Metadata } from 'next'
import { CenteredMain } from '@/app/components/centered-main'
import { NeedsScript } from '@/app/components/needs-script'
import { SignInSkeleton } from '@/app/components/sign-in-skeleton'
import { SignInForm } from '@/lib/auth/forms'

export const metadata: Metadata = { title: 'Sign in' }

export default function SignInPage() {
  return (
    <CenteredMain>
      <h1 className="sr-only">Sign in</h1>
      <NeedsScript>
        The form for signing in is Clerk’s, and needs JavaScript: allow it for this page, then load
        the page again.
      </NeedsScript>
      <SignInForm fallback={<SignInSkeleton />} />
    </CenteredMain>
  )
}
