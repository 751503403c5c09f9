/** Stands in for WorkOS, for a laptop only: AuthKit's hosted page, and what its SDK asks of the User Management API. */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { parseFields, parseQuery } from '../stand-in/fields'
import { loginRoutes } from '../stand-in/login-page'
import { refuseElsewhere } from '../stand-in/oidc'
import { Refusal } from '../stand-in/refusal'
import type { Routes } from '../stand-in/server'
import type { Opened } from '../stand-in/sessions'
import { startStandIn, type Core, type Skin, type StandInOptions } from '../stand-in/stand-in'

const CLIENT_ID = 'client_01STANDIN000000000000000000'
// As long as a ULID, which WorkOS's ids end with.
const newId = (kind: string) => `${kind}_${randomBytes(13).toString('hex').toUpperCase()}`

const authorizeQuery = z.object({
  client_id: z.literal(CLIENT_ID),
  redirect_uri: z.url(),
  response_type: z.literal('code'),
  provider: z.literal('authkit'),
  state: z.string().optional(),
  code_challenge: z.string(),
  code_challenge_method: z.literal('S256'),
})

const client = { client_id: z.literal(CLIENT_ID), client_secret: z.string() }
const authenticateFields = z.discriminatedUnion('grant_type', [
  z.object({
    ...client,
    grant_type: z.literal('authorization_code'),
    code: z.string(),
    code_verifier: z.string(),
  }),
  z.object({ ...client, grant_type: z.literal('refresh_token'), refresh_token: z.string() }),
])

const skin = {
  name: 'WorkOS',
  algorithm: 'RS256',
  tokenSeconds: 300,
  newUserId: () => newId('user'),
  variables: ({ origin, clientSecret }) => ({
    WORKOS_CLIENT_ID: CLIENT_ID,
    WORKOS_API_KEY: clientSecret,
    // AuthKit reads these, too, and they lead it here.
    WORKOS_API_HOSTNAME: new URL(origin).hostname,
    WORKOS_API_PORT: new URL(origin).port,
    WORKOS_API_HTTPS: 'false',
  }),
  provider: ({ origin }) => ({ jwksUrl: `${origin}/sso/jwks/${CLIENT_ID}` }),
  routes: (core): Routes => ({
    [`GET /sso/jwks/${CLIENT_ID}`]: () => Response.json(core.keys.jwks),
    ...loginRoutes(core, '/user_management/authorize', {
      check: (request) => {
        refuseElsewhere(core, parseQuery(request, authorizeQuery).redirect_uri)
      },
      proceed: (request, user) => {
        const asked = parseQuery(request, authorizeQuery)
        const to = new URL(asked.redirect_uri)
        const code = core.codes.issue({
          ...{ user, clientId: CLIENT_ID, redirectUri: asked.redirect_uri, scope: '' },
          ...{ challenge: asked.code_challenge, nonce: undefined },
        })
        to.searchParams.set('code', code)
        if (asked.state !== undefined) to.searchParams.set('state', asked.state)
        return Response.redirect(to.href, 302)
      },
    }),
    'POST /user_management/authenticate': async (request) => {
      const fields = await parseFields(request, authenticateFields)
      if (fields.client_secret !== core.clientSecret) {
        throw new Refusal('invalid_client', 'That client secret is wrong.')
      }
      if (fields.grant_type === 'refresh_token') {
        return authenticated(core, core.sessions.refresh(fields.refresh_token))
      }
      const proof = { clientId: CLIENT_ID, redirectUri: undefined, verifier: fields.code_verifier }
      return authenticated(core, core.sessions.open(core.codes.redeem(fields.code, proof).user))
    },
    'GET /user_management/sessions/logout': (request) => {
      const { session_id: id } = parseQuery(request, z.object({ session_id: z.string() }))
      core.sessions.end(id.replace(/^session_/, ''))
      const cookie = core.browsers.signOut(request)
      // The SDK names no address: WorkOS sends people to the one of its console.
      const headers = { location: core.appOrigin, 'set-cookie': cookie }
      return new Response(null, { status: 302, headers })
    },
  }),
} satisfies Skin

async function authenticated({ keys }: Core, { session, user, refreshToken }: Opened) {
  const iso = new Date(user.createdAt * 1000).toISOString()
  return Response.json({
    user: {
      ...{ object: 'user', id: user.id, email: user.email, email_verified: true },
      ...{ first_name: null, last_name: null, profile_picture_url: null, external_id: null },
      ...{ last_sign_in_at: iso, created_at: iso, updated_at: iso, metadata: {} },
    },
    authentication_method: 'Password',
    access_token: await keys.sign({
      iss: `https://api.workos.com/user_management/${CLIENT_ID}`,
      sub: user.id,
      sid: `session_${session.id}`,
      client_id: CLIENT_ID,
    }),
    refresh_token: refreshToken,
  })
}

export const startWorkos = (options: StandInOptions) => startStandIn(skin, options)
