import type { Metadata } from 'next'
import { CenteredMain } from '@/app/components/centered-main'
import { SignInSkeleton } from '@/app/components/sign-in-skeleton'
import { SignInForm } from '@/lib/auth/forms'

export const metadata: Metadata = { title: 'Sign in' }

export default function SignInPage() {
  return (
    <CenteredMain>
      <SignInForm fallback={<SignInSkeleton />} />
    </CenteredMain>
  )
}
