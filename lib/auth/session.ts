/** On the server: who is signed in, and their session token. */
import 'server-only'
import { auth } from '@clerk/nextjs/server'

/** The session of this request: its user, and the JWT that proves it to the database. */
export type Session = { userId: string; token: string }

/** The session of this request, or null if the user is not signed in (any more). */
export async function currentSession(): Promise<Session | null> {
  const { userId, getToken } = await auth()
  const token = await getToken()
  return userId && token ? { userId, token } : null
}

/** The same for a page that requires one. Other visitors are sent to sign in, and then back here. */
export async function requireSession(): Promise<Session> {
  const session = await currentSession()
  if (session) return session
  const { redirectToSignIn } = await auth()
  return redirectToSignIn()
}
