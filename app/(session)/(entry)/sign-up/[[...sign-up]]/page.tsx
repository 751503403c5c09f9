import type { Metadata } from 'next'
import { CenteredMain } from '@/app/components/centered-main'
import { NeedsScript } from '@/app/components/needs-script'
import { SignInSkeleton } from '@/app/components/sign-in-skeleton'
import { SignUpForm } from '@/lib/auth/forms'

export const metadata: Metadata = { title: 'Sign up' }

export default function SignUpPage() {
  return (
    <CenteredMain>
      <h1 className="sr-only">Sign up</h1>
      <NeedsScript>
        The form for signing up is Clerk’s, and needs JavaScript: allow it for this page, then load
        the page again.
      </NeedsScript>
      <SignUpForm fallback={<SignInSkeleton />} />
    </CenteredMain>
  )
}
