/** On the server: who is signed in, and their session token. */
import 'server-only'
import { auth } from '@clerk/nextjs/server'

/** A session of this request: whose it is, and the JWT that says so to the database. */
export type Session = { userId: string; token: string }

/** The session of who sent this request, or null when nobody is signed in (any more). */
export async function currentSession(): Promise<Session | null> {
  const { userId, getToken } = await auth()
  const token = await getToken()
  return userId && token ? { userId, token } : null
}

/** The same for a page that needs one. Anybody else is sent to sign in, and then back here. */
export async function requireSession(): Promise<Session> {
  const session = await currentSession()
  if (session) return session
  const { redirectToSignIn } = await auth()
  return redirectToSignIn()
}
