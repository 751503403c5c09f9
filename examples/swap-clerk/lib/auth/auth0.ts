/** Auth0's client on the server: its session is a cookie that only this app can read. */
import 'server-only'
import { Auth0Client } from '@auth0/nextjs-auth0/server'

export const auth0 = new Auth0Client({
  authorizationParameters: {
    // Without an API, access tokens are no JWTs.
    audience: process.env.AUTH0_AUDIENCE ?? null,
    scope: 'openid profile email offline_access',
  },
  signInReturnToPath: '/server',
  // The stand-in's domain begins with http://; a real tenant's has no scheme, and is asked by https.
  allowInsecureRequests: process.env.AUTH0_DOMAIN?.startsWith('http://localhost:') ?? false,
  // A token that ends while a request is under way would be refused.
  tokenRefreshBuffer: 5,
})
