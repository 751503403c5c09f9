/** The ways to Auth0's own pages for signing in and up. */
import type { ReactNode } from 'react'
import { buttonClass } from '@/app/components/ui/button'

/** The fallback is for a provider whose form takes time to load. */
type Form = (props: { fallback: ReactNode }) => ReactNode

export const SignInForm: Form = () => <Way to="/auth/login">Sign in with Auth0</Way>

export const SignUpForm: Form = () => (
  <Way to="/auth/login?screen_hint=signup">Sign up with Auth0</Way>
)

/** A page load: Auth0's path is not a page of this app. */
function Way({ to, children }: { to: string; children: string }) {
  return (
    <a href={to} className={buttonClass()}>
      {children}
    </a>
  )
}
