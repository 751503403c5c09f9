/** PropelAuth's SDK on the server: who is signed in, and their access token. */
import { getAccessTokenAsync, getUser } from '@propelauth/nextjs/server/app-router'

export async function currentUser(): Promise<{ email: string; token: string } | null> {
  const [user, token] = await Promise.all([getUser(), getAccessTokenAsync()])
  return user && token ? { email: user.email, token } : null
}
