/** A stand-in for a realm of Keycloak, for a laptop only: what keycloak-js asks for, and no more. */
import { randomUUID } from 'node:crypto'
import { decodeJwt } from 'jose'
import { oidcRoutes } from '../stand-in/oidc'
import type { Handler } from '../stand-in/server'
import { startStandIn, type Skin, type StandInOptions } from '../stand-in/stand-in'

const REALM = 'todos'
const CLIENT_ID = 'todos-app'
const PATH = `/realms/${REALM}/protocol/openid-connect` as const

const skin: Skin<'VITE_KEYCLOAK_URL' | 'VITE_KEYCLOAK_REALM' | 'VITE_KEYCLOAK_CLIENT_ID'> = {
  name: 'Keycloak',
  algorithm: 'RS256',
  tokenSeconds: 300,
  newUserId: randomUUID,
  variables: ({ origin }) => ({
    VITE_KEYCLOAK_URL: origin,
    VITE_KEYCLOAK_REALM: REALM,
    VITE_KEYCLOAK_CLIENT_ID: CLIENT_ID,
  }),
  routes: (core) => {
    const issuer = `${core.origin}/realms/${REALM}`
    // Keycloak's page for new users has an address of its own.
    const register: Handler = (request) => {
      const to = new URL(request.url)
      to.pathname = `${PATH}/auth`
      to.searchParams.set('screen_hint', 'sign-up')
      return Response.redirect(to, 302)
    }
    return {
      ...oidcRoutes(core, {
        issuer,
        clientId: CLIENT_ID,
        paths: {
          discovery: `/realms/${REALM}/.well-known/openid-configuration`,
          authorize: `${PATH}/auth`,
          token: `${PATH}/token`,
          jwks: `${PATH}/certs`,
          userinfo: `${PATH}/userinfo`,
          logout: `${PATH}/logout`,
          revoke: `${PATH}/revoke`,
        },
        accessClaims: ({ user, scope }) => ({
          ...{ aud: 'account', azp: CLIENT_ID, typ: 'Bearer', scope },
          ...{ email: user.email, preferred_username: user.email },
        }),
        // keycloak-js reads when it ends out of it.
        refreshToken: {
          write: (jti, { user, session }) =>
            core.keys.sign(
              { iss: issuer, aud: issuer, sub: user.id, sid: session.id, typ: 'Refresh', jti },
              { seconds: 1800 },
            ),
          read: (token) => decodeJwt(token).jti ?? '',
        },
      }),
      [`GET ${PATH}/registrations`]: register,
    }
  },
}

export const startKeycloak = (options: StandInOptions) => startStandIn(skin, options)
