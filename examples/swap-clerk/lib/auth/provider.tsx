/** What stands around every page, so that its parts know who is signed in. */
import { Auth0Provider } from '@auth0/nextjs-auth0'
import type { ReactNode } from 'react'
import { auth0 } from './auth0'

export async function AuthProvider({ children }: { children: ReactNode }) {
  const session = await auth0.getSession()
  return <Auth0Provider {...(session ? { user: session.user } : {})}>{children}</Auth0Provider>
}
