/** A stand-in for Supabase Auth (GoTrue), for a laptop only: what @supabase/auth-js asks for, and no more. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { parseFields } from '../stand-in/fields'
import { bearerOf } from '../stand-in/oidc'
import { Refusal } from '../stand-in/refusal'
import type { Handler } from '../stand-in/server'
import type { Opened } from '../stand-in/sessions'
import { startStandIn, type Core, type Skin, type StandInOptions } from '../stand-in/stand-in'
import type { User } from '../stand-in/state'

const credentials = z.object({ email: z.string(), password: z.string() })
const renewal = z.object({ refresh_token: z.string() })

const skin: Skin<'VITE_SUPABASE_URL' | 'VITE_SUPABASE_KEY'> = {
  name: 'Supabase Auth',
  algorithm: 'ES256',
  tokenSeconds: 3600,
  newUserId: randomUUID,
  variables: ({ origin }) => ({
    VITE_SUPABASE_URL: origin,
    VITE_SUPABASE_KEY: 'sb_publishable_stand_in',
  }),
  refuse: ({ code, message, status }) =>
    Response.json({ code: status, error_code: code, msg: message }, { status }),
  routes: (core) => {
    const token: Handler = async (request) => {
      if (new URL(request.url).searchParams.get('grant_type') === 'refresh_token') {
        const { refresh_token } = await parseFields(request, renewal)
        return session(core, core.sessions.refresh(refresh_token))
      }
      const user = await core.users.signIn(await parseFields(request, credentials))
      return session(core, core.sessions.open(user))
    }
    const signUp: Handler = async (request) => {
      const user = await core.users.signUp(await parseFields(request, credentials))
      return session(core, core.sessions.open(user))
    }
    const user: Handler = async (request) =>
      Response.json(userOf((await opened(core, request)).user))
    const logout: Handler = async (request) => {
      core.sessions.end((await opened(core, request)).session.id)
      return new Response(null, { status: 204 })
    }
    return {
      'POST /auth/v1/token': token,
      'POST /auth/v1/signup': signUp,
      'GET /auth/v1/user': user,
      'POST /auth/v1/logout': logout,
      'GET /auth/v1/.well-known/jwks.json': () => Response.json(core.keys.jwks),
    }
  },
}

async function session(core: Core, { user, session, refreshToken }: Opened): Promise<Response> {
  const claims = {
    ...{ iss: `${core.origin}/auth/v1`, aud: 'authenticated', sub: user.id, email: user.email },
    ...{ role: 'authenticated', aal: 'aal1', session_id: session.id, is_anonymous: false },
    ...{ app_metadata: { provider: 'email', providers: ['email'] }, user_metadata: {}, phone: '' },
    amr: [{ method: 'password', timestamp: session.startedAt }],
  }
  return Response.json({
    access_token: await core.keys.sign(claims),
    token_type: 'bearer',
    expires_in: core.tokenSeconds,
    expires_at: core.now() + core.tokenSeconds,
    refresh_token: refreshToken,
    user: userOf(user),
  })
}

function userOf({ id, email, createdAt }: User) {
  const created_at = new Date(createdAt * 1000).toISOString()
  return {
    ...{ id, email, created_at, aud: 'authenticated', role: 'authenticated' },
    ...{ email_confirmed_at: created_at, app_metadata: {}, user_metadata: {} },
  }
}

async function opened(core: Core, request: Request) {
  const { session_id } = await core.keys.open(bearerOf(request))
  const found = core.sessions.byId(String(session_id))
  if (!found) throw new Refusal('invalid_credentials', 'That session has ended.')
  return found
}

export const startSupabase = (options: StandInOptions) => startStandIn(skin, options)
