/**
 * A stand-in for Descope, for a laptop only: what @descope/web-js-sdk asks for when people sign up, in and out with a
 * password, and when it renews their session.
 */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { parseFields } from '../stand-in/fields'
import { bearerOf } from '../stand-in/oidc'
import { Refusal } from '../stand-in/refusal'
import type { Opened } from '../stand-in/sessions'
import { startStandIn, type Core, type Skin, type StandInOptions } from '../stand-in/stand-in'

/** As long as Descope's ids, which name a region when they are longer. */
export const PROJECT_ID = 'P2StandInOnThisLaptopOnly000'
const REFRESH_SECONDS = 28 * 24 * 60 * 60

const credentials = z.object({ loginId: z.string(), password: z.string() })

const skin = {
  name: 'Descope',
  algorithm: 'RS256',
  tokenSeconds: 10 * 60,
  newUserId: () => `U2${randomBytes(13).toString('hex')}`,
  newKeyId: () => `SK2${randomBytes(12).toString('hex')}`,
  variables: ({ origin }) => ({
    NEXT_PUBLIC_DESCOPE_PROJECT_ID: PROJECT_ID,
    NEXT_PUBLIC_DESCOPE_BASE_URL: origin,
  }),
  // Tokens name the project alone, so where its keys are does not follow from them.
  provider: ({ origin }) => ({ jwksUrl: `${origin}/v2/keys/${PROJECT_ID}` }),
  routes: (core) => ({
    [`GET /v2/keys/${PROJECT_ID}`]: () => Response.json(core.keys.jwks),
    'POST /v1/auth/password/signin': async (request) => {
      const { loginId, password } = await parseFields(request, credentials)
      refreshTokenOf(request)
      const user = await core.users.signIn({ email: loginId, password })
      return begin(core, core.sessions.open(user))
    },
    'POST /v1/auth/password/signup': async (request) => {
      const { loginId, password } = await parseFields(request, credentials)
      refreshTokenOf(request)
      const user = await core.users.signUp({ email: loginId, password })
      return begin(core, core.sessions.open(user), true)
    },
    // As in a new project, where refresh tokens do not rotate.
    'POST /v1/auth/refresh': async (request) =>
      Response.json(await sessionOf(core, await openedBy(core, request))),
    'POST /v1/auth/logout': async (request) => {
      core.sessions.end((await openedBy(core, request)).session.id)
      return Response.json({})
    },
    'GET /v1/auth/me': async (request) => Response.json(userOf(await openedBy(core, request))),
  }),
  refuse: ({ code, message, status }) =>
    Response.json({ errorCode: code, errorDescription: message }, { status }),
} satisfies Skin

export function startDescope(options: StandInOptions) {
  return startStandIn(skin, options)
}

async function begin(core: Core, opened: Opened, firstSeen = false): Promise<Response> {
  const expires = core.now() + REFRESH_SECONDS
  const refreshJwt = await core.keys.sign(
    { ...claimsOf(opened), drn: 'DSR', jti: opened.refreshToken },
    { seconds: REFRESH_SECONDS },
  )
  const session = await sessionOf(core, opened)
  return Response.json({ ...session, refreshJwt, cookieExpiration: expires, firstSeen })
}

async function sessionOf(core: Core, opened: Opened) {
  return {
    sessionJwt: await core.keys.sign({ ...claimsOf(opened), drn: 'DS' }),
    sessionExpiration: core.now() + core.tokenSeconds,
    user: userOf(opened),
  }
}

function claimsOf({ user }: Opened) {
  return { amr: ['pwd'], iss: PROJECT_ID, sub: user.id }
}

function userOf({ user }: Opened) {
  return {
    ...{ userId: user.id, loginIds: [user.email], email: user.email, verifiedEmail: true },
    ...{ status: 'enabled', password: true, createdTime: user.createdAt },
  }
}

/** The SDK sends `Bearer PROJECT`, and `Bearer PROJECT:REFRESH-TOKEN` for a session. */
function refreshTokenOf(request: Request): string | undefined {
  const [project, token] = bearerOf(request).split(':')
  if (project === PROJECT_ID) return token
  throw new Refusal('invalid_client', 'The stand-in for Descope does not know that project.')
}

/** @throws Refusal for all but the refresh token of a session that lasts */
async function openedBy(core: Core, request: Request): Promise<Opened> {
  const claims = await core.keys.open(refreshTokenOf(request) ?? '')
  const isCurrent = claims.drn === 'DSR' && core.now() < (claims.exp ?? 0)
  const opened = isCurrent ? core.sessions.find(claims.jti ?? '') : undefined
  if (opened) return opened
  throw new Refusal('invalid_credentials', 'That refresh token does not count any more.')
}
