/** The app's one boundary to Clerk on the server: who is signed in, and their session token. */
import 'server-only'
import { auth } from '@clerk/nextjs/server'

/** The signed-in user's id, or null when nobody is. */
export async function currentUserId(): Promise<string | null> {
  const { userId } = await auth()
  return userId
}

/** The signed-in user's id. Anybody else is sent to sign in, and then back to this page. */
export async function requireUserId(): Promise<string> {
  const { userId, redirectToSignIn } = await auth()
  return userId ?? redirectToSignIn()
}

/** The JWT of this request's session, or null when there is none (any more). */
export async function sessionToken(): Promise<string | null> {
  const { getToken } = await auth()
  return getToken()
}
