/** On the server: who is signed in, and their session token. */
import 'server-only'
import { AccessTokenError } from '@auth0/nextjs-auth0/errors'
import { redirect } from 'next/navigation'
import { auth0 } from './auth0'

/** The session of this request: its user, and the JWT that proves it to the database. */
export type Session = { userId: string; token: string }

/** The session of this request, or null if the user is not signed in (any more). */
export async function currentSession(): Promise<Session | null> {
  const session = await auth0.getSession()
  if (!session) return null
  try {
    const { token } = await auth0.getAccessToken()
    return { userId: session.user.sub, token }
  } catch (error) {
    if (error instanceof AccessTokenError) return null
    throw error
  }
}

/** The same for a page that requires one. Other visitors are sent to sign in. */
export async function requireSession(): Promise<Session> {
  return (await currentSession()) ?? redirect('/sign-in')
}
