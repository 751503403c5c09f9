/**
 * A stand-in for Firebase Authentication, for a laptop only: what the SDK asks its emulator for, and no more. Google's own
 * emulator signs no token, so no proxy could take one.
 */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { parseFields } from '../stand-in/fields'
import { Refusal } from '../stand-in/refusal'
import type { Handler } from '../stand-in/server'
import type { Opened } from '../stand-in/sessions'
import { startStandIn, type Core, type Skin, type StandInOptions } from '../stand-in/stand-in'

const PROJECT = 'demo-todos'
const ACCOUNTS = '/identitytoolkit.googleapis.com/v1/accounts'

const credentials = z.object({ email: z.string(), password: z.string() })

/** As the SDK looks them up in its sentences. */
const CODES: Partial<Record<Refusal['code'], string>> = {
  invalid_credentials: 'INVALID_LOGIN_CREDENTIALS',
  email_taken: 'EMAIL_EXISTS',
  invalid_grant: 'TOKEN_EXPIRED',
}

const skin: Skin<'VITE_FIREBASE_API_KEY' | 'VITE_FIREBASE_PROJECT_ID'> = {
  name: 'Firebase',
  algorithm: 'RS256',
  tokenSeconds: 3600,
  newUserId: () => randomBytes(14).toString('hex'),
  variables: ({ origin }) => ({
    VITE_FIREBASE_API_KEY: 'stand-in',
    VITE_FIREBASE_PROJECT_ID: PROJECT,
    VITE_FIREBASE_EMULATOR_URL: origin,
  }),
  provider: ({ origin }) => ({ jwksUrl: `${origin}/jwks` }),
  refuse: ({ code, message, status }) => {
    const named = CODES[code] ?? `INVALID_ARGUMENT : ${message}`
    return Response.json({ error: { code: status, message: named } }, { status: 400 })
  },
  routes: (core) => {
    const signIn: Handler = async (request) => {
      const user = await core.users.signIn(await parseFields(request, credentials))
      return signedIn(core, core.sessions.open(user))
    }
    const signUp: Handler = async (request) => {
      const user = await core.users.signUp(await parseFields(request, credentials))
      return signedIn(core, core.sessions.open(user))
    }
    const lookup: Handler = async (request) => {
      const { idToken } = await parseFields(request, z.object({ idToken: z.string() }))
      const found = core.users.byId(String((await core.keys.open(idToken)).sub))
      if (!found) throw new Refusal('invalid_credentials', 'That user is gone.')
      const { id: localId, email, createdAt } = found
      const providerUserInfo = [{ providerId: 'password', federatedId: email, email, rawId: email }]
      const times = { createdAt: String(createdAt * 1000), lastLoginAt: String(core.now() * 1000) }
      return Response.json({ users: [{ localId, email, providerUserInfo, ...times }] })
    }
    const renew: Handler = async (request) => {
      const fields = await parseFields(request, z.object({ refresh_token: z.string() }))
      // Firebase's refresh tokens are good for any number of renewals.
      const opened = core.sessions.find(fields.refresh_token)
      if (!opened) throw new Refusal('invalid_grant', 'That session has ended.')
      const token = await idToken(core, opened)
      const { user, refreshToken } = opened
      return Response.json({
        ...{ access_token: token, id_token: token, refresh_token: refreshToken },
        ...{ expires_in: String(core.tokenSeconds), token_type: 'Bearer', user_id: user.id },
      })
    }
    return {
      [`POST ${ACCOUNTS}:signInWithPassword`]: signIn,
      [`POST ${ACCOUNTS}:signUp`]: signUp,
      [`POST ${ACCOUNTS}:lookup`]: lookup,
      'POST /securetoken.googleapis.com/v1/token': renew,
      'GET /jwks': () => Response.json(core.keys.jwks),
    }
  },
}

async function signedIn(core: Core, opened: Opened): Promise<Response> {
  const { user, refreshToken } = opened
  return Response.json({
    ...{ localId: user.id, email: user.email, registered: true },
    ...{ idToken: await idToken(core, opened), refreshToken },
    expiresIn: String(core.tokenSeconds),
  })
}

function idToken(core: Core, { user, session }: Opened): Promise<string> {
  return core.keys.sign({
    ...{ iss: `https://securetoken.google.com/${PROJECT}`, aud: PROJECT, sub: user.id },
    ...{ user_id: user.id, email: user.email, email_verified: false },
    auth_time: session.startedAt,
    firebase: { identities: { email: [user.email] }, sign_in_provider: 'password' },
  })
}

export const startFirebase = (options: StandInOptions) => startStandIn(skin, options)
