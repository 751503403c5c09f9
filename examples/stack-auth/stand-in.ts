/**
 * A stand-in for Stack Auth's API, for a laptop only: what @stackframe/stack asks for on a server when people sign up, in
 * and out with a password, and when it renews their access token.
 */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { parseFields } from '../stand-in/fields'
import { Refusal } from '../stand-in/refusal'
import type { Opened } from '../stand-in/sessions'
import { startStandIn, type Core, type Skin, type StandInOptions } from '../stand-in/stand-in'
import type { User } from '../stand-in/state'

const PROJECT_ID = '00000000-0000-4000-8000-000000000000'
const PUBLISHABLE_KEY = 'pck_stand-in'
const API = '/api/v1'

const credentials = z.object({ email: z.string(), password: z.string() })
const refreshFields = z.object({
  grant_type: z.literal('refresh_token'),
  client_id: z.literal(PROJECT_ID),
  client_secret: z.literal(PUBLISHABLE_KEY),
  refresh_token: z.string(),
})

/** The SDK knows these by their codes, with a status and details of its own. */
const KNOWN_ERRORS: Readonly<Partial<Record<Refusal['code'], string>>> = {
  invalid_credentials: 'EMAIL_PASSWORD_MISMATCH',
  invalid_grant: 'REFRESH_TOKEN_NOT_FOUND_OR_EXPIRED',
  email_taken: 'USER_EMAIL_ALREADY_EXISTS',
  invalid_request: 'SCHEMA_ERROR',
}

type Name =
  | 'NEXT_PUBLIC_STACK_PROJECT_ID'
  | 'NEXT_PUBLIC_STACK_PUBLISHABLE_CLIENT_KEY'
  | 'NEXT_PUBLIC_STACK_API_URL'
  | 'STACK_SECRET_SERVER_KEY'

const skin: Skin<Name> = {
  name: 'Stack Auth',
  algorithm: 'ES256',
  tokenSeconds: 10 * 60,
  newUserId: randomUUID,
  variables: ({ origin, clientSecret }) => ({
    NEXT_PUBLIC_STACK_PROJECT_ID: PROJECT_ID,
    NEXT_PUBLIC_STACK_PUBLISHABLE_CLIENT_KEY: PUBLISHABLE_KEY,
    NEXT_PUBLIC_STACK_API_URL: origin,
    STACK_SECRET_SERVER_KEY: `ssk_${clientSecret}`,
  }),
  routes: (core) => ({
    [`GET ${API}/projects/${PROJECT_ID}/.well-known/jwks.json`]: () =>
      Response.json(core.keys.jwks),
    [`POST ${API}/auth/password/sign-in`]: async (request) => {
      requireProject(request)
      const user = await core.users.signIn(await parseFields(request, credentials))
      return begin(core, core.sessions.open(user))
    },
    [`POST ${API}/auth/password/sign-up`]: async (request) => {
      requireProject(request)
      const user = await core.users.signUp(await parseFields(request, credentials))
      return begin(core, core.sessions.open(user))
    },
    // Stack Auth's refresh tokens do not rotate.
    [`POST ${API}/auth/oauth/token`]: async (request) => {
      const { refresh_token } = await parseFields(request, refreshFields)
      const opened = core.sessions.find(refresh_token)
      if (!opened) throw new Refusal('invalid_grant', 'That refresh token does not count any more.')
      return begin(core, opened)
    },
    [`GET ${API}/users/me`]: async (request) => {
      requireServer(core, request)
      const token = header(request, 'access-token')
      const sid = token === '' ? undefined : (await core.keys.open(token)).refresh_token_id
      const found = core.sessions.byId(String(sid))
      if (found) return Response.json(userOf(found.user))
      return knownError('CANNOT_GET_OWN_USER_WITHOUT_USER', 'Nobody is signed in.', 400)
    },
    [`DELETE ${API}/auth/sessions/current`]: (request) => {
      requireProject(request)
      const opened = core.sessions.find(header(request, 'refresh-token'))
      if (opened) core.sessions.end(opened.session.id)
      return Response.json({ success: true })
    },
  }),
  refuse: ({ code, message, status }) => {
    const known = KNOWN_ERRORS[code]
    return known === undefined
      ? Response.json({ code, error: message }, { status })
      : knownError(known, message, status)
  },
}

export const startStackAuth = (options: StandInOptions) => startStandIn(skin, options)

function knownError(code: string, message: string, status: number): Response {
  const headers = { 'x-stack-known-error': code }
  return Response.json({ code, message, error: message, details: { message } }, { status, headers })
}

function header(request: Request, name: string): string {
  return request.headers.get(`x-hexclave-${name}`) ?? ''
}

function requireProject(request: Request) {
  if (header(request, 'project-id') === PROJECT_ID) return
  throw new Refusal('invalid_client', 'The stand-in for Stack Auth does not know that project.')
}

/** Only the app's server knows the secret. */
function requireServer({ clientSecret }: Core, request: Request) {
  requireProject(request)
  if (header(request, 'secret-server-key') === `ssk_${clientSecret}`) return
  throw new Refusal('invalid_client', 'That secret server key is wrong.')
}

async function begin(core: Core, { session, user, refreshToken }: Opened): Promise<Response> {
  const { id, primary_email, display_name, primary_email_verified, ...rest } = userOf(user)
  const access_token = await core.keys.sign({
    ...{ iss: `${core.origin}${API}/projects/${PROJECT_ID}`, aud: PROJECT_ID, sub: id },
    ...{ project_id: PROJECT_ID, branch_id: 'main', refresh_token_id: session.id },
    ...{ role: 'authenticated', name: display_name, email: primary_email },
    ...{ email_verified: primary_email_verified, signed_up_at: user.createdAt },
    ...{ selected_team_id: null, requires_totp_mfa: false },
    ...{ is_anonymous: rest.is_anonymous, is_restricted: rest.is_restricted },
    restricted_reason: null,
  })
  return Response.json({
    ...{ access_token, refresh_token: refreshToken, user_id: id },
    ...{ token_type: 'Bearer', expires_in: core.tokenSeconds },
  })
}

function userOf({ id, email, createdAt }: User) {
  return {
    ...{ id, primary_email: email, primary_email_verified: true, display_name: null },
    ...{ signed_up_at_millis: createdAt * 1000, last_active_at_millis: createdAt * 1000 },
    ...{ has_password: true, auth_with_email: true, oauth_providers: [] },
    ...{ selected_team: null, selected_team_id: null, profile_image_url: null },
    ...{ is_anonymous: false, is_restricted: false, restricted_reason: null },
    risk_scores: { sign_up: { bot: 0, free_trial_abuse: 0 } },
  }
}
