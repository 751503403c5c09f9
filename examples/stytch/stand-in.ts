/**
 * A stand-in for Stytch's Consumer API, for a laptop only: what the `stytch` package asks for when people sign up, in
 * and out with a password, and when it renews their session's JWT.
 */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { parseFields } from '../stand-in/fields'
import { Refusal } from '../stand-in/refusal'
import type { Opened } from '../stand-in/sessions'
import { startStandIn, type Core, type Skin, type StandInOptions } from '../stand-in/stand-in'

const PROJECT_ID = 'project-test-00000000-0000-4000-8000-000000000000'
const SESSION_CLAIM = 'https://stytch.com/session'

/** In the answers only: a session lasts here until it is signed out. */
const SESSION_SECONDS = 7 * 24 * 60 * 60

const credentials = z.object({
  email: z.string(),
  password: z.string(),
  // Without it, Stytch checks the password and begins no session.
  session_duration_minutes: z.number().int().min(5).max(527_040),
})
const sessionFields = z.object({ session_token: z.string() })

const skin = {
  name: 'Stytch',
  algorithm: 'RS256',
  tokenSeconds: 5 * 60,
  newUserId: () => `user-test-${randomUUID()}`,
  newKeyId: () => `jwk-test-${randomUUID()}`,
  variables: ({ origin, clientSecret }) => ({
    STYTCH_PROJECT_ID: PROJECT_ID,
    STYTCH_SECRET: clientSecret,
    STYTCH_ENV: `${origin}/`,
  }),
  // Tokens name the project alone, so where its keys are does not follow from them.
  provider: ({ origin }) => ({ jwksUrl: `${origin}/v1/sessions/jwks/${PROJECT_ID}` }),
  routes: (core) => ({
    [`GET /v1/sessions/jwks/${PROJECT_ID}`]: () => Response.json(core.keys.jwks),
    'POST /v1/passwords': async (request) => {
      authenticate(core, request)
      const user = await core.users.signUp(await parseFields(request, credentials))
      return answer(core, core.sessions.open(user))
    },
    'POST /v1/passwords/authenticate': async (request) => {
      authenticate(core, request)
      const user = await core.users.signIn(await parseFields(request, credentials))
      return answer(core, core.sessions.open(user))
    },
    'POST /v1/sessions/authenticate': async (request) => {
      authenticate(core, request)
      const { session_token: token } = await parseFields(request, sessionFields)
      const opened = core.sessions.find(token)
      if (opened) return answer(core, opened)
      throw new Refusal('not_found', 'That session has ended.')
    },
    'POST /v1/sessions/revoke': async (request) => {
      authenticate(core, request)
      const { session_token: token } = await parseFields(request, sessionFields)
      const opened = core.sessions.find(token)
      if (opened) core.sessions.end(opened.session.id)
      return reply({})
    },
  }),
  refuse: ({ code, message, status }) =>
    reply({ error_type: code, error_message: message }, status),
} satisfies Skin

export function startStytch(options: StandInOptions) {
  return startStandIn(skin, options)
}

/** Only the app's server knows the secret. */
function authenticate({ clientSecret }: Core, request: Request) {
  const known = Buffer.from(`${PROJECT_ID}:${clientSecret}`).toString('base64')
  if (request.headers.get('authorization') === `Basic ${known}`) return
  throw new Refusal('invalid_client', 'That project or its secret is wrong.')
}

async function answer(core: Core, { session, user, refreshToken }: Opened): Promise<Response> {
  const now = core.now()
  const shared = {
    ...{ started_at: timestamp(session.startedAt), last_accessed_at: timestamp(now) },
    ...{ expires_at: timestamp(now + SESSION_SECONDS), attributes: {}, roles: ['stytch_user'] },
    authentication_factors: [{ type: 'password', delivery_method: 'knowledge' }],
  }
  const jwt = await core.keys.sign({
    ...{ iss: `stytch.com/${PROJECT_ID}`, aud: [PROJECT_ID], sub: user.id, nbf: now },
    [SESSION_CLAIM]: { id: session.id, ...shared },
  })
  return reply({
    ...{ user_id: user.id, session_token: refreshToken, session_jwt: jwt },
    user: { user_id: user.id, status: 'active', emails: [{ email: user.email, verified: true }] },
    session: { session_id: session.id, user_id: user.id, ...shared },
  })
}

/** Stytch repeats the status in its body. */
function reply(fields: Readonly<Record<string, unknown>>, status = 200): Response {
  const request_id = `request-id-test-${randomUUID()}`
  return Response.json({ status_code: status, request_id, ...fields }, { status })
}

function timestamp(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
