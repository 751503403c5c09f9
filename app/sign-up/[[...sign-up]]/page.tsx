import { SignUp } from '@clerk/nextjs'
import type { Metadata } from 'next'
import { CenteredMain } from '@/app/components/centered-main'
import { SignInSkeleton } from '@/app/components/sign-in-skeleton'

export const metadata: Metadata = { title: 'Sign up' }

export default function SignUpPage() {
  return (
    <CenteredMain>
      <SignUp fallback={<SignInSkeleton />} />
    </CenteredMain>
  )
}
