/**
 * A stand-in for PropelAuth, for a laptop only: the login page and the backend API that @propelauth/nextjs asks, and the
 * API that @propelauth/javascript asks from a browser.
 */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { parseFields, parseQuery } from '../stand-in/fields'
import { loginRoutes } from '../stand-in/login-page'
import { bearerOf, refuseElsewhere } from '../stand-in/oidc'
import { Refusal } from '../stand-in/refusal'
import type { Handler, Routes } from '../stand-in/server'
import { startStandIn, type Core, type Skin, type StandInOptions } from '../stand-in/stand-in'
import type { User } from '../stand-in/state'

/** PropelAuth's login page has one client, and no PKCE: the API key protects the redemption of a code. */
const ONE_CLIENT = { clientId: 'app', challenge: undefined, nonce: undefined, scope: '' }

const authorizeQuery = z.object({ redirect_uri: z.url(), state: z.string() })
const codeFields = z.object({ code: z.string(), redirect_uri: z.string() })
const refreshFields = z.object({ refresh_token: z.string() })

type Name = 'NEXT_PUBLIC_AUTH_URL' | 'PROPELAUTH_API_KEY' | 'PROPELAUTH_VERIFIER_KEY'

const skin: Skin<Name> = {
  name: 'PropelAuth',
  algorithm: 'RS256',
  tokenSeconds: 30 * 60,
  newUserId: randomUUID,
  variables: ({ origin, clientSecret, keys }) => ({
    NEXT_PUBLIC_AUTH_URL: origin,
    PROPELAUTH_API_KEY: clientSecret,
    PROPELAUTH_VERIFIER_KEY: keys.pem,
  }),
  routes: (core) => ({
    'GET /.well-known/jwks.json': () => Response.json(core.keys.jwks),
    ...loginPage(core),
    ...backendApi(core),
    ...frontendApi(core),
  }),
}

export const startPropelAuth = (options: StandInOptions) => startStandIn(skin, options)

function loginPage(core: Core): Routes {
  const path = '/propelauth/ssr/authorize'
  const { [`GET ${path}` as const]: show, [`POST ${path}` as const]: submit } = loginRoutes(
    core,
    path,
    {
      check: (request) => {
        refuseElsewhere(core, parseQuery(request, authorizeQuery).redirect_uri)
      },
      proceed: (request, user) => {
        const { redirect_uri: redirectUri, state } = parseQuery(request, authorizeQuery)
        const to = new URL(redirectUri)
        to.searchParams.set('code', core.codes.issue({ ...ONE_CLIENT, user, redirectUri }))
        to.searchParams.set('state', state)
        return Response.redirect(to.href, 302)
      },
    },
  )
  return { [`GET ${path}`]: hinted(show), [`POST ${path}`]: hinted(submit) }
}

/** PropelAuth's SDK says `signup=true`, where the page of stand-ins reads a hint. */
function hinted(handle: Handler | undefined): Handler | undefined {
  return (
    handle &&
    ((request, params) => {
      const url = new URL(request.url)
      if (url.searchParams.get('signup') === 'true' && !url.searchParams.has('screen_hint')) {
        url.searchParams.set('screen_hint', 'sign-up')
      }
      return handle(new Request(url, request), params)
    })
  )
}

function backendApi(core: Core): Routes {
  return {
    'POST /propelauth/ssr/token': async (request) => {
      authenticate(core, request)
      const { code, redirect_uri: redirectUri } = await parseFields(request, codeFields)
      const proof = { clientId: ONE_CLIENT.clientId, redirectUri, verifier: undefined }
      const { user, refreshToken } = core.sessions.open(core.codes.redeem(code, proof).user)
      const access_token = await tokenOf(core, user)
      return Response.json({ access_token, refresh_token: refreshToken })
    },
    // The SDK's middleware renews for each of a page's requests, side by side, so refresh tokens do not rotate.
    'POST /api/backend/v1/refresh_token': async (request) => {
      authenticate(core, request)
      const { refresh_token } = await parseFields(request, refreshFields)
      const opened = core.sessions.find(refresh_token)
      if (!opened) throw new Refusal('invalid_grant', 'That refresh token does not count any more.')
      return Response.json({ refresh_token, access_token: await expiring(core, opened.user) })
    },
    'POST /api/backend/v1/logout': async (request) => {
      authenticate(core, request)
      const { refresh_token } = await parseFields(request, refreshFields)
      const opened = core.sessions.find(refresh_token)
      if (opened) core.sessions.end(opened.session.id)
      return Response.json({})
    },
  }
}

/** For browsers that are signed in on the login page, by its cookie. */
function frontendApi(core: Core): Routes {
  return {
    'GET /api/v1/refresh_token': async (request) => {
      const user = core.browsers.userOf(request)
      if (!user) throw new Refusal('invalid_credentials', 'Nobody is signed in.')
      return Response.json({ ...(await expiring(core, user)), user: profileOf(user) })
    },
    'POST /api/v1/logout': (request) =>
      Response.json(
        { redirect_to: core.appOrigin },
        { headers: { 'set-cookie': core.browsers.signOut(request) } },
      ),
  }
}

/** Only the app's server knows the key. */
function authenticate({ clientSecret }: Core, request: Request) {
  if (bearerOf(request) !== clientSecret) {
    throw new Refusal('invalid_client', 'That API key is wrong.')
  }
}

function tokenOf({ keys, origin }: Core, { id, email }: User): Promise<string> {
  const login_method = { login_method: 'password' }
  return keys.sign({ iss: origin, sub: id, user_id: id, email, login_method })
}

async function expiring(core: Core, user: User) {
  return {
    access_token: await tokenOf(core, user),
    expires_at_seconds: core.now() + core.tokenSeconds,
  }
}

function profileOf({ id, email, createdAt }: User) {
  return { user_id: id, email, email_confirmed: true, created_at: createdAt, enabled: true }
}
