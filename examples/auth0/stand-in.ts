/** A stand-in for Auth0's tenant, for a laptop only: what @auth0/nextjs-auth0 asks for, and no more. */
import { randomBytes } from 'node:crypto'
import { oidcRoutes } from '../stand-in/oidc'
import { startStandIn, type Skin, type StandInOptions } from '../stand-in/stand-in'

const CLIENT_ID = 'stand-in-client'
const AUDIENCE = 'https://todos.example'

const skin: Skin<'AUTH0_DOMAIN' | 'AUTH0_CLIENT_ID' | 'AUTH0_CLIENT_SECRET' | 'AUTH0_AUDIENCE'> = {
  name: 'Auth0',
  algorithm: 'RS256',
  tokenSeconds: 86_400,
  newUserId: () => `auth0|${randomBytes(12).toString('hex')}`,
  variables: ({ origin, clientSecret }) => ({
    // With http://, which the real domain lacks; 127.0.0.1 would be refused by the SDK.
    AUTH0_DOMAIN: origin,
    AUTH0_CLIENT_ID: CLIENT_ID,
    AUTH0_CLIENT_SECRET: clientSecret,
    AUTH0_AUDIENCE: AUDIENCE,
  }),
  routes: (core) =>
    oidcRoutes(core, {
      issuer: `${core.origin}/`,
      clientId: CLIENT_ID,
      clientSecret: core.clientSecret,
      paths: {
        discovery: '/.well-known/openid-configuration',
        authorize: '/authorize',
        token: '/oauth/token',
        jwks: '/.well-known/jwks.json',
        userinfo: '/userinfo',
        logout: '/oidc/logout',
        revoke: '/oauth/revoke',
      },
      accessClaims: ({ scope }) => ({
        aud: [AUDIENCE, `${core.origin}/userinfo`],
        azp: CLIENT_ID,
        scope,
      }),
    }),
}

export const startAuth0 = (options: StandInOptions) => startStandIn(skin, options)
