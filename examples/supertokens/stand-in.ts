/** Stands in for the SuperTokens core, for a laptop only: what its SDK for Node asks of it (Core Driver Interface 5.4). */
import { createHash, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { parseFields, parseQuery } from '../stand-in/fields'
import { Refusal } from '../stand-in/refusal'
import type { Handler, Routes } from '../stand-in/server'
import type { Opened } from '../stand-in/sessions'
import { startStandIn, type Core, type Skin, type StandInOptions } from '../stand-in/stand-in'
import type { User } from '../stand-in/state'

const HUNDRED_DAYS = 100 * 24 * 60 * 60

const skin = {
  name: 'SuperTokens',
  algorithm: 'RS256',
  tokenSeconds: 60 * 60,
  newUserId: randomUUID,
  // The SDK tells keys that change (dynamic ones) from others by this letter.
  newKeyId: () => `d-${Date.now()}`,
  variables: ({ origin, clientSecret, appOrigin }) => ({
    SUPERTOKENS_CONNECTION_URI: origin,
    SUPERTOKENS_API_KEY: clientSecret,
    API_DOMAIN: appOrigin,
  }),
  // The same keys as of the app, which need not have started.
  provider: ({ origin }) => ({ jwksUrl: `${origin}/.well-known/jwks.json` }),
  routes: (core): Routes => ({
    'GET /.well-known/jwks.json': () => Response.json(core.keys.jwks),
    ...withApiKey(core, {
      'GET /apiversion': () => Response.json({ versions: ['5.4'] }),
      'GET /public/recipe/multitenancy/tenant/v2': () =>
        ok({ tenantId: 'public', thirdParty: { providers: [] }, coreConfig: {} }),
      ...users(core),
      ...sessions(core),
    }),
  }),
} satisfies Skin

const ok = (values: object) => Response.json({ status: 'OK', ...values })

function withApiKey({ clientSecret }: Core, routes: Routes): Routes {
  const guard =
    (handle: Handler): Handler =>
    (request, params) => {
      if (request.headers.get('api-key') === clientSecret) return handle(request, params)
      throw new Refusal('invalid_client', 'The API key is missing or wrong.')
    }
  return Object.fromEntries(
    Object.entries(routes).map(([route, handle]) => [route, handle && guard(handle)]),
  )
}

const credentials = z.object({ email: z.string(), password: z.string() })

function users({ users }: Core): Routes {
  const found = (user: User) => ok({ user: asUser(user), recipeUserId: user.id })
  return {
    'POST /public/recipe/signup': async (request) => {
      try {
        return found(await users.signUp(await parseFields(request, credentials)))
      } catch (error) {
        if (!(error instanceof Refusal && error.code === 'email_taken')) throw error
        return Response.json({ status: 'EMAIL_ALREADY_EXISTS_ERROR' })
      }
    },
    'POST /public/recipe/signin': async (request) => {
      try {
        return found(await users.signIn(await parseFields(request, credentials)))
      } catch (error) {
        if (!(error instanceof Refusal && error.code === 'invalid_credentials')) throw error
        return Response.json({ status: 'WRONG_CREDENTIALS_ERROR' })
      }
    },
    'GET /public/users/by-accountinfo': (request) => {
      const { email } = parseQuery(request, z.object({ email: z.string() }))
      const user = users.byEmail(email)
      return ok({ users: user ? [asUser(user)] : [] })
    },
    'GET /user/id': (request) => {
      const { userId } = parseQuery(request, z.object({ userId: z.string() }))
      const user = users.byId(userId)
      return user ? ok({ user: asUser(user) }) : Response.json({ status: 'UNKNOWN_USER_ID_ERROR' })
    },
  }
}

function asUser({ id, email, createdAt }: User) {
  const shared = { tenantIds: ['public'], timeJoined: createdAt * 1000 }
  const method = { recipeId: 'emailpassword', recipeUserId: id, email, verified: false }
  return {
    ...{ id, isPrimaryUser: false, emails: [email], ...shared },
    ...{ phoneNumbers: [], thirdParty: [], webauthn: { credentialIds: [] } },
    loginMethods: [{ ...method, ...shared }],
  }
}

function sessions(core: Core): Routes {
  const shared = { useDynamicSigningKey: z.literal(true), enableAntiCsrf: z.literal(false) }
  // What an app adds to its tokens, it would have to keep for their renewal; an app of the SDK adds the issuer only.
  const claims = z.strictObject({ iss: z.literal(issuerOf(core)) })
  const fields = z.object({ ...shared, userId: z.string(), userDataInJWT: claims })
  return {
    'POST /public/recipe/session': async (request) => {
      const user = core.users.byId((await parseFields(request, fields)).userId)
      if (!user) throw new Refusal('invalid_request', 'That user is unknown.')
      return tokens(core, core.sessions.open(user))
    },
    'POST /recipe/session/refresh': async (request) => {
      const { refreshToken } = await parseFields(
        request,
        z.object({ ...shared, refreshToken: z.string() }),
      )
      try {
        return await tokens(core, core.sessions.refresh(refreshToken))
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        return Response.json({ status: 'UNAUTHORISED', message: error.message })
      }
    },
    'POST /recipe/session/remove': async (request) => {
      const handles = z.object({ sessionHandles: z.array(z.string()) })
      const { sessionHandles } = await parseFields(request, handles)
      const open = sessionHandles.filter((handle) => core.sessions.byId(handle))
      for (const handle of open) core.sessions.end(handle)
      return ok({ sessionHandlesRevoked: open })
    },
  }
}

/** As the SDK makes it. */
const issuerOf = ({ appOrigin }: Core) => `${appOrigin}/auth`

async function tokens(core: Core, { session, user, refreshToken }: Opened): Promise<Response> {
  const createdTime = core.now() * 1000
  const lasting = (token: string, seconds: number) => ({
    ...{ token, createdTime, expiry: createdTime + seconds * 1000 },
  })
  const payload = { iss: issuerOf(core) }
  const ids = { sub: user.id, rsub: user.id, tId: 'public', sessionHandle: session.id }
  const hash = createHash('sha256').update(refreshToken).digest('hex')
  // The type 0 is a session's.
  const rest = {
    refreshTokenHash1: hash,
    parentRefreshTokenHash1: null,
    antiCsrfToken: null,
    stt: 0,
  }
  const token = await core.keys.sign({ ...payload, ...ids, ...rest }, { header: { version: '5' } })
  return ok({
    session: {
      ...{ handle: session.id, userId: user.id, recipeUserId: user.id, tenantId: 'public' },
      userDataInJWT: payload,
    },
    accessToken: lasting(token, core.tokenSeconds),
    refreshToken: lasting(refreshToken, HUNDRED_DAYS),
  })
}

export const startSupertokens = (options: StandInOptions) => startStandIn(skin, options)
