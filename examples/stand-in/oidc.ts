/** The skin of providers that speak OpenID Connect: discovery, code flow with PKCE, rotating refresh tokens, sign-out. */
import { z } from 'zod'
import { parseFields, parseQuery } from './fields'
import type { Claims } from './keys'
import { loginRoutes } from './login-page'
import { Refusal } from './refusal'
import type { Handler, Routes } from './server'
import type { Opened } from './sessions'
import type { Core } from './stand-in'

export type OidcOptions = {
  /** As tokens name it. */
  readonly issuer: string
  readonly clientId: string
  /** Undefined for a client that runs in a browser: then a code needs PKCE. */
  readonly clientSecret?: string
  readonly paths: OidcPaths
  /** Of the access token, besides those of all tokens (`iss`, `sub`, `sid`). */
  readonly accessClaims?: (opened: Signed) => Claims
  /** Of the id token, besides `aud`, `nonce` and `email`. */
  readonly idClaims?: (opened: Signed) => Claims
  /** Of the answer with tokens. */
  readonly answer?: (opened: Signed) => Readonly<Record<string, unknown>>
  /** For a provider whose refresh tokens are good for any number of renewals. */
  readonly keepsRefreshTokens?: true
  /** A refresh token in another form; `read` gives back what `write` was given. */
  readonly refreshToken?: {
    readonly write: (token: string, opened: Signed) => string | Promise<string>
    readonly read: (token: string) => string
  }
}

export type Signed = Omit<Opened, 'refreshToken'> & {
  readonly clientId: string
  readonly scope: string
}

export type OidcPaths = {
  readonly discovery: `/${string}`
  readonly authorize: `/${string}`
  readonly token: `/${string}`
  readonly jwks: `/${string}`
  readonly userinfo: `/${string}`
  readonly logout: `/${string}`
  readonly revoke: `/${string}`
}

const authorizeQuery = z.object({
  client_id: z.string(),
  redirect_uri: z.url(),
  response_type: z.literal('code'),
  response_mode: z.enum(['query', 'fragment']).default('query'),
  state: z.string().optional(),
  nonce: z.string().optional(),
  scope: z.string().default('openid'),
  code_challenge: z.string().optional(),
  code_challenge_method: z.literal('S256').optional(),
})

const tokenFields = z.discriminatedUnion('grant_type', [
  z.object({
    grant_type: z.literal('authorization_code'),
    code: z.string(),
    redirect_uri: z.string(),
    code_verifier: z.string().optional(),
    client_id: z.string().optional(),
    client_secret: z.string().optional(),
  }),
  z.object({
    grant_type: z.literal('refresh_token'),
    refresh_token: z.string(),
    scope: z.string().optional(),
    client_id: z.string().optional(),
    client_secret: z.string().optional(),
  }),
])

export function oidcRoutes(core: Core, options: OidcOptions): Routes {
  const { paths } = options
  const token: Handler = async (request) => {
    const fields = await parseFields(request, tokenFields)
    const clientId = authenticate(options, request, fields)
    if (fields.grant_type === 'authorization_code') {
      const { code, redirect_uri: redirectUri, code_verifier: verifier } = fields
      const { user, nonce, scope } = core.codes.redeem(code, { clientId, redirectUri, verifier })
      return tokens(core, options, core.sessions.open(user), { clientId, scope, nonce })
    }
    const opened = renew(core, options, fields.refresh_token)
    const scope = fields.scope ?? 'openid'
    return tokens(core, options, opened, { clientId, scope, nonce: undefined })
  }
  const userinfo: Handler = async (request) => {
    const found = core.sessions.byId(await sidOf(core, bearerOf(request)))
    if (!found) throw new Refusal('invalid_credentials', 'That token’s session has ended.')
    return Response.json({ sub: found.user.id, email: found.user.email })
  }
  const revoke: Handler = async (request) => {
    const fields = await parseFields(request, z.object({ token: z.string() }))
    endSessionOf(core, options, fields.token)
    return new Response(null, { status: 200 })
  }
  return {
    [`GET ${paths.discovery}`]: () => Response.json(discovery(core, options)),
    [`GET ${paths.jwks}`]: () => Response.json(core.keys.jwks),
    ...authorize(core, options),
    [`POST ${paths.token}`]: token,
    [`GET ${paths.userinfo}`]: userinfo,
    ...logout(core, options),
    [`POST ${paths.revoke}`]: revoke,
  }
}

function authorize(core: Core, { issuer, clientId, clientSecret, paths }: OidcOptions): Routes {
  return loginRoutes(core, paths.authorize, {
    check: (request) => {
      const asked = parseQuery(request, authorizeQuery)
      if (asked.client_id !== clientId) {
        throw new Refusal('invalid_client', `${core.name} does not know that client.`)
      }
      refuseElsewhere(core, asked.redirect_uri)
      if (clientSecret === undefined && asked.code_challenge === undefined) {
        throw new Refusal('invalid_request', 'A client in a browser needs PKCE.')
      }
    },
    proceed: (request, user) => {
      const asked = parseQuery(request, authorizeQuery)
      const code = core.codes.issue({
        ...{ user, clientId, redirectUri: asked.redirect_uri },
        ...{ challenge: asked.code_challenge, nonce: asked.nonce, scope: asked.scope },
      })
      return sendBack(asked, { code, iss: issuer })
    },
    refuseSilently: (request) =>
      sendBack(parseQuery(request, authorizeQuery), { error: 'login_required', iss: issuer }),
  })
}

function renew({ sessions }: Core, options: OidcOptions, refreshToken: string): Opened {
  const read = readRefreshToken(options, refreshToken)
  if (options.keepsRefreshTokens !== true) return sessions.refresh(read)
  const opened = sessions.find(read)
  if (!opened) throw new Refusal('invalid_grant', 'That session has ended.')
  return opened
}

function readRefreshToken({ refreshToken }: OidcOptions, token: string): string {
  return refreshToken?.read(token) ?? token
}

function endSessionOf(core: Core, options: OidcOptions, refreshToken: string) {
  const opened = core.sessions.find(readRefreshToken(options, refreshToken))
  if (opened) core.sessions.end(opened.session.id)
}

/** As RP-initiated logout has it; Auth0 and others call the same by other names. */
const logoutFields = z.object({
  id_token_hint: z.string().optional(),
  refresh_token: z.string().optional(),
  post_logout_redirect_uri: z.url().optional(),
  returnTo: z.url().optional(),
  logout_uri: z.url().optional(),
  state: z.string().optional(),
})

function logout(core: Core, options: OidcOptions): Routes {
  const leave = async (request: Request, fields: z.output<typeof logoutFields>) => {
    if (fields.id_token_hint !== undefined) {
      core.sessions.end(await sidOf(core, fields.id_token_hint))
    }
    if (fields.refresh_token !== undefined) endSessionOf(core, options, fields.refresh_token)
    const to = new URL(
      fields.post_logout_redirect_uri ?? fields.returnTo ?? fields.logout_uri ?? core.appOrigin,
    )
    refuseElsewhere(core, to.href)
    if (fields.state !== undefined) to.searchParams.set('state', fields.state)
    const headers = { location: to.href, 'set-cookie': core.browsers.signOut(request) }
    return new Response(null, { status: 303, headers })
  }
  const get: Handler = (request) => leave(request, parseQuery(request, logoutFields))
  const post: Handler = async (request) => leave(request, await parseFields(request, logoutFields))
  return { [`GET ${options.paths.logout}`]: get, [`POST ${options.paths.logout}`]: post }
}

async function tokens(
  core: Core,
  options: OidcOptions,
  { session, user, refreshToken }: Opened,
  { clientId, scope, nonce }: { clientId: string; scope: string; nonce: string | undefined },
): Promise<Response> {
  const signed: Signed = { session, user, clientId, scope }
  const shared = { iss: options.issuer, sub: user.id, sid: session.id }
  return Response.json({
    token_type: 'Bearer',
    expires_in: core.tokenSeconds,
    scope,
    access_token: await core.keys.sign({ ...shared, ...options.accessClaims?.(signed) }),
    id_token: await core.keys.sign({
      ...shared,
      ...{ aud: clientId, email: user.email, email_verified: true, auth_time: session.startedAt },
      ...(nonce === undefined ? {} : { nonce }),
      ...options.idClaims?.(signed),
    }),
    refresh_token: (await options.refreshToken?.write(refreshToken, signed)) ?? refreshToken,
    ...options.answer?.(signed),
  })
}

/** By HTTP Basic or in the form (RFC 6749, section 2.3.1). */
function authenticate(
  { clientId, clientSecret }: OidcOptions,
  request: Request,
  fields: { client_id?: string | undefined; client_secret?: string | undefined },
): string {
  const basic = /^Basic (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  const [id, secret] =
    basic === undefined
      ? [fields.client_id, fields.client_secret]
      : Buffer.from(basic, 'base64').toString().split(':').map(decodeURIComponent)
  if (id === clientId && secret === clientSecret) return clientId
  throw new Refusal('invalid_client', 'That client or its secret is wrong.')
}

function sendBack(
  asked: z.output<typeof authorizeQuery>,
  values: Readonly<Record<string, string>>,
): Response {
  const to = new URL(asked.redirect_uri)
  const answer = new URLSearchParams(values)
  if (asked.state !== undefined) answer.set('state', asked.state)
  if (asked.response_mode === 'fragment') to.hash = answer.toString()
  else for (const [name, value] of answer) to.searchParams.set(name, value)
  return Response.redirect(to.href, 302)
}

/** People, and codes with them, are sent to the app only. */
export function refuseElsewhere({ appOrigin, name }: Core, address: string) {
  if (URL.canParse(address) && new URL(address).origin === appOrigin) return
  throw new Refusal('invalid_request', `${name} sends people back to ${appOrigin} only.`)
}

export function bearerOf(request: Request): string {
  const token = /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  if (token === undefined) throw new Refusal('invalid_credentials', 'A token is missing.')
  return token
}

async function sidOf({ keys }: Core, token: string): Promise<string> {
  return String((await keys.open(token)).sid)
}

function discovery({ origin, keys }: Core, { issuer, paths }: OidcOptions) {
  return {
    issuer,
    authorization_endpoint: origin + paths.authorize,
    token_endpoint: origin + paths.token,
    jwks_uri: origin + paths.jwks,
    userinfo_endpoint: origin + paths.userinfo,
    end_session_endpoint: origin + paths.logout,
    revocation_endpoint: origin + paths.revoke,
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'fragment'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [keys.algorithm],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic', 'none'],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    claims_supported: ['sub', 'email'],
    authorization_response_iss_parameter_supported: true,
  }
}
