/** Auth0's SDK: who is signed in, and their access token for the API that the SQL proxy takes tokens for. */
import { Auth0Client } from '@auth0/nextjs-auth0/server'

export const auth0 = new Auth0Client({
  authorizationParameters: {
    audience: process.env.AUTH0_AUDIENCE ?? null,
    scope: 'openid email offline_access',
  },
  // Of the stand-in on this laptop; a real tenant's domain begins with no scheme, and is asked by https.
  allowInsecureRequests: process.env.AUTH0_DOMAIN?.startsWith('http://localhost:') ?? false,
  // A token that ends while a request is under way would be refused.
  tokenRefreshBuffer: 5,
})

export async function currentUser(): Promise<{ email: string; token: string } | null> {
  const session = await auth0.getSession()
  if (!session) return null
  const { token } = await auth0.getAccessToken()
  return { email: session.user.email ?? '', token }
}
