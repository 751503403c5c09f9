import type { Metadata } from 'next'
import { CenteredMain } from '@/app/components/centered-main'
import { SignInSkeleton } from '@/app/components/sign-in-skeleton'
import { SignUpForm } from '@/lib/auth/forms'

export const metadata: Metadata = { title: 'Sign up' }

export default function SignUpPage() {
  return (
    <CenteredMain>
      <SignUpForm fallback={<SignInSkeleton />} />
    </CenteredMain>
  )
}
