/** A stand-in for Google's sign-in, for a laptop only: what google-auth-library asks for, and no more. */
import { randomInt } from 'node:crypto'
import { oidcRoutes } from '../stand-in/oidc'
import type { Handler } from '../stand-in/server'
import { startStandIn, type Skin, type StandInOptions } from '../stand-in/stand-in'

const CLIENT_ID = 'stand-in.apps.googleusercontent.com'

const skin: Skin<'GOOGLE_CLIENT_ID' | 'GOOGLE_CLIENT_SECRET'> = {
  name: 'Google',
  algorithm: 'RS256',
  tokenSeconds: 3600,
  // 21 digits.
  newUserId: () =>
    `1${String(randomInt(1e10)).padStart(10, '0')}${String(randomInt(1e10)).padStart(10, '0')}`,
  variables: ({ origin, clientSecret }) => ({
    GOOGLE_CLIENT_ID: CLIENT_ID,
    GOOGLE_CLIENT_SECRET: clientSecret,
    GOOGLE_BASE_URL: origin,
  }),
  provider: ({ origin }) => ({ jwksUrl: `${origin}/oauth2/v3/certs` }),
  routes: (core) => {
    const revoke: Handler = (request) => {
      const token = new URL(request.url).searchParams.get('token') ?? ''
      const opened = core.sessions.find(token)
      if (opened) core.sessions.end(opened.session.id)
      return Response.json({})
    }
    return {
      ...oidcRoutes(core, {
        issuer: 'https://accounts.google.com',
        clientId: CLIENT_ID,
        clientSecret: core.clientSecret,
        keepsRefreshTokens: true,
        paths: {
          discovery: '/.well-known/openid-configuration',
          authorize: '/o/oauth2/v2/auth',
          token: '/token',
          jwks: '/oauth2/v3/certs',
          userinfo: '/v1/userinfo',
          logout: '/logout',
          revoke: '/revoke',
        },
        idClaims: () => ({ azp: CLIENT_ID }),
      }),
      'POST /revoke': revoke,
    }
  },
}

export const startGoogle = (options: StandInOptions) => startStandIn(skin, options)
