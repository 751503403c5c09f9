/** Stands in for Entra External ID, for a laptop only: OpenID Connect under a tenant's path, as MSAL expects it. */
import { randomUUID } from 'node:crypto'
import { oidcRoutes } from '../stand-in/oidc'
import type { Handler, Routes } from '../stand-in/server'
import { startStandIn, type Core, type Skin, type StandInOptions } from '../stand-in/stand-in'

const TENANT = '5f0c2d1e-9a34-4c1b-8a55-0e6b7c9d2f10'
const CLIENT_ID = '1d7e0b52-43a8-4f6e-b9c1-6a2f8e5d3c07'

const skin = {
  name: 'Entra External ID',
  algorithm: 'RS256',
  // From 60 to 90 minutes, Entra says.
  tokenSeconds: 75 * 60,
  newUserId: randomUUID,
  variables: ({ origin, clientSecret }) => ({
    ENTRA_METADATA_URL: `${origin}/${TENANT}/v2.0/.well-known/openid-configuration`,
    ENTRA_ISSUER: `${origin}/${TENANT}/v2.0`,
    ENTRA_CLIENT_ID: CLIENT_ID,
    ENTRA_CLIENT_SECRET: clientSecret,
    ENTRA_SCOPE: `api://${CLIENT_ID}/access_as_user`,
  }),
  routes,
} satisfies Skin

function routes(core: Core): Routes {
  const authorize = `/${TENANT}/oauth2/v2.0/authorize` as const
  const oidc = oidcRoutes(core, {
    issuer: `${core.origin}/${TENANT}/v2.0`,
    clientId: CLIENT_ID,
    clientSecret: core.clientSecret,
    paths: {
      authorize,
      discovery: `/${TENANT}/v2.0/.well-known/openid-configuration`,
      token: `/${TENANT}/oauth2/v2.0/token`,
      jwks: `/${TENANT}/discovery/v2.0/keys`,
      userinfo: '/oidc/userinfo',
      logout: `/${TENANT}/oauth2/v2.0/logout`,
      revoke: `/${TENANT}/oauth2/v2.0/revoke`,
    },
    accessClaims: ({ user }) => ({
      ...{ aud: CLIENT_ID, azp: CLIENT_ID, azpacr: '1', scp: 'access_as_user', ver: '2.0' },
      ...{ oid: user.id, tid: TENANT },
    }),
    idClaims: ({ user }) => ({
      ...{ oid: user.id, tid: TENANT, preferred_username: user.email, ver: '2.0' },
    }),
    // MSAL files its tokens under these ids.
    answer: ({ user }) => ({ client_info: base64url({ uid: user.id, utid: TENANT }) }),
  })
  const show: Handler = (request, params) => {
    const url = new URL(request.url)
    if (url.searchParams.get('prompt') !== 'create')
      return oidc[`GET ${authorize}`]?.(request, params) ?? Response.error()
    url.searchParams.set('prompt', 'login')
    url.searchParams.set('screen_hint', 'sign-up')
    return Response.redirect(url.href, 302)
  }
  return { ...oidc, [`GET ${authorize}`]: show }
}

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

export const startEntra = (options: StandInOptions) => startStandIn(skin, options)
