import { SignIn } from '@clerk/nextjs'
import type { Metadata } from 'next'
import { CenteredMain } from '@/app/components/centered-main'
import { SignInSkeleton } from '@/app/components/sign-in-skeleton'

export const metadata: Metadata = { title: 'Sign in' }

export default function SignInPage() {
  return (
    <CenteredMain>
      <SignIn fallback={<SignInSkeleton />} />
    </CenteredMain>
  )
}
