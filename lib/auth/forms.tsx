/** Clerk's forms for signing in and up; `fallback` stands in for them while Clerk loads. */
import { SignIn, SignUp } from '@clerk/nextjs'
import type { ReactNode } from 'react'

type FormProps = { fallback: ReactNode }

export function SignInForm({ fallback }: FormProps) {
  return <SignIn fallback={fallback} />
}

export function SignUpForm({ fallback }: FormProps) {
  return <SignUp fallback={fallback} />
}
