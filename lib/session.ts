/** The app's one boundary to Clerk on the server: who is signed in, and their session token. */
import 'server-only'
import { auth } from '@clerk/nextjs/server'

/** The signed-in user's id, or null when nobody is. */
export async function currentUserId(): Promise<string | null> {
  const { userId } = await auth()
  return userId
}
