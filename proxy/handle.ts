/** The path of a request, from top to bottom; every step either goes on or throws a ProxyError. */
import { randomUUID } from 'node:crypto'
import type { Authenticate } from './authenticate'
import type { Identity } from './become-user'
import { corsHeaders, preflightHeaders } from './cors'
import { withDeadline } from './deadline'
import { errorBody, ProxyError, toProxyError } from './errors'
import type { Execute } from './execute'
import type { Gate } from './gate/gate'
import type { InFlight } from './in-flight'
import type { Log } from './log'
import type { ExecuteByPassword } from './password/execute'
import { RateLimited, type RateLimit } from './rate-limit'
import type { Readiness } from './readiness'
import { parseBody, type SqlRequest } from './request/body'
import { choosePath, type Doors } from './request/choose-path'
import { parseConnectionString, requireHostname, type Target } from './request/connection-string'
import { batchHeaders, parseOptions, type Headers, type Options } from './request/options'
import type { Answer } from './run-request'

export type Request = {
  readonly method: string
  readonly path: string
  readonly headers: Headers
  /** Of the client, as far as it is known. */
  readonly address: string
  /** Reads the whole body; rejects with body_too_large. */
  readonly body: () => Promise<Uint8Array>
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal
}

export type Response = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type Handle = (request: Request) => Promise<Response>

export type Parts = {
  readonly databaseName: string
  readonly allowedOrigins: ReadonlySet<string>
  readonly requestTimeoutMs: number
  readonly doors: Doors
  readonly authenticate: Authenticate
  readonly rates: { readonly user: RateLimit; readonly address: RateLimit }
  readonly inFlight: InFlight
  readonly gate: Gate
  readonly execute: Execute
  readonly executeByPassword: ExecuteByPassword
  readonly readiness: Readiness
  readonly log: Log
}

/** What is known of a request when it is logged. */
type Trace = { role: string | null; rows: number | null }

export function createHandle(parts: Parts): Handle {
  return async (request) => {
    const id = randomUUID()
    const ours = { 'neon-request-id': id, 'content-type': 'application/json' }
    const route = `${request.method} ${request.path}`
    if (route === 'GET /healthz') return { status: 200, headers: ours, body: '{"status":"ok"}' }
    if (route === 'GET /readyz') return { ...(await readyz(parts.readiness)), headers: ours }
    const origin = request.headers.origin
    if (route === 'OPTIONS /sql') {
      const headers = preflightHeaders(origin, parts.allowedOrigins)
      return { status: 200, headers: { ...headers, 'neon-request-id': id }, body: '' }
    }
    if (route !== 'POST /sql') {
      // A JSON string and no error object: so says Neon's protocol.
      return {
        status: 400,
        headers: { ...ours, 'proxy-error-code': 'route_unknown' },
        body: '"query is not supported"',
      }
    }
    const headers = { ...ours, ...corsHeaders(origin, parts.allowedOrigins) }
    const response = await logged(id, parts.log, (trace) => sql(request, parts, trace))
    return { ...response, headers: { ...headers, ...response.headers } }
  }
}

async function sql(request: Request, parts: Parts, trace: Trace): Promise<Response> {
  const { headers } = request
  // Before the token, whose signature costs more to check than to make up.
  parts.rates.address.take(request.address)
  const target = parseConnectionString(headers['neon-connection-string'])
  const path = choosePath(headers.authorization, target, parts.doors)
  requireHostname(target)
  const options = parseOptions(headers)
  if (path.kind === 'password') {
    return sqlByPassword(request, { ...target, password: path.password }, options, parts, trace)
  }
  const token = path.kind === 'token' ? path.token : undefined
  const { identity, ...who } = await parts.authenticate(token, target)
  const user = countedAs(who.user, identity, request.address)
  parts.rates.user.take(user)
  trace.role = identity.role
  if (target.database !== parts.databaseName) throw unknownDatabase(target.database)

  return parts.inFlight.run(user, async () => {
    const body = parseBody(await request.body())
    const verdicts = await Promise.all(statementsOf(body).map(({ sql }) => parts.gate(sql)))
    const answer = await withDeadline(request.signal, parts.requestTimeoutMs, (signal) =>
      parts.execute({ request: body, options, identity, verdicts, signal, user }),
    )
    return answered(answer, options, trace)
  })
}

/** Those without a token are as many as their addresses, or one of them could starve the rest. */
function countedAs(user: string, identity: Identity, address: string): string {
  return identity.sessionToken === '' ? `${user} ${address}` : user
}

/** No gate and no identity: Postgres lets the role in by its password and knows what it may do. */
async function sqlByPassword(
  { headers, body, signal }: Request,
  { user, ...target }: Target & { password: Buffer },
  options: Options,
  parts: Parts,
  trace: Trace,
): Promise<Response> {
  const answer = await withDeadline(signal, parts.requestTimeoutMs, (signal) =>
    parts.executeByPassword({
      credentials: { ...target, role: user },
      origin: headers.origin,
      // By now the password is known to be right.
      request: async () => {
        trace.role = user
        parts.rates.user.take(`${user} by password`)
        return parseBody(await body())
      },
      options,
      signal,
    }),
  )
  return answered(answer, options, trace)
}

function answered({ json, rows, isBatch }: Answer, options: Options, trace: Trace): Response {
  trace.rows = rows
  return { status: 200, headers: isBatch ? batchHeaders(options) : {}, body: json }
}

function statementsOf(body: SqlRequest) {
  return body.kind === 'single' ? [body.statement] : body.statements
}

/** Runs a request, turns what it throws into an answer, and writes its line in the log. */
async function logged(
  id: string,
  log: Log,
  run: (trace: Trace) => Promise<Response>,
): Promise<Response> {
  const started = performance.now()
  const trace: Trace = { role: null, rows: null }
  const ms = () => Math.round((performance.now() - started) * 100) / 100
  try {
    const response = await run(trace)
    log({ id, ...trace, ms: ms(), status: response.status })
    return response
  } catch (thrown) {
    const error = toProxyError(thrown)
    log({ id, ...trace, ms: ms(), status: error.status, code: error.code })
    return failure(error)
  }
}

function failure(error: ProxyError): Response {
  const seconds = error instanceof RateLimited ? error.seconds : 1
  const isTemporary = error.status === 503 || error.status === 429
  const retry = isTemporary ? { 'retry-after': String(seconds) } : {}
  return {
    status: error.status,
    headers: { 'proxy-error-code': error.code, ...retry },
    body: errorBody(error),
  }
}

/** Word for word what Postgres says; the proxy serves one database. */
function unknownDatabase(name: string): ProxyError {
  return new ProxyError('database_unknown', `database "${name}" does not exist`, {
    code: '3D000',
    severity: 'FATAL',
  })
}

async function readyz(readiness: Readiness): Promise<Omit<Response, 'headers'>> {
  const problems = await readiness()
  return problems.length === 0
    ? { status: 200, body: '{"status":"ready"}' }
    : { status: 503, body: JSON.stringify({ status: 'not ready', problems }) }
}
