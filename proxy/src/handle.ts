/** The path of a request, from top to bottom. Each step succeeds or throws a ProxyError. */
import { randomUUID } from 'node:crypto'
import { admit, requireDatabase, type AdmitParts } from './admit'
import { startDeadline, withDeadline } from './cancellation'
import { corsHeaders, preflightHeaders } from './http/cors'
import { ProxyError } from './errors'
import type { Execute } from './execute/execute'
import type { Verdict } from './gate/decide'
import type { Gate, JudgeContext } from './gate/gate'
import { requireSmallPatterns } from './gate/pattern-params'
import type { InFlight, Place } from './limits/in-flight'
import type { Log } from './http/logger'
import type { Handle, Head, Request, Response } from './http/message'
import { withAccessLog, type Logged } from './http/access-log'
import type { ExecuteByPassword, PasswordJob } from './password/execute'
import type { Readiness } from './ops/readiness'
import type { Statement } from './request/body'
import { choosePath, type AccessPaths } from './request/choose-path'
import { parseConnectionString, requireHostname } from './request/connection-string'
import { batchHeaders, parseOptions, refuseSerializable } from './request/options'
import type { ParseBody } from './request/parse-body'
import { loginSettings, requestSettings } from './request/request-settings'
import { wantsEvents } from './live/accept'
import type { Live } from './live/live'
import { liveRefused } from './live/reads'
import type { Answer, OpenStream } from './execute/run-request'
import { withTrace } from './trace/answer'
import { MOST_SHOWN, type Traced } from './trace/in-postgres'
import type { Outline } from './trace/outline'
import type { OutlineStatement } from './trace/outliner'
import { tokenSeen } from './trace/token'
import { asksForTrace, Tracer } from './trace/trace'

export type Parts = AdmitParts & {
  readonly allowedOrigins: ReadonlySet<string>
  /** Additional request headers that pages of these origins may send. */
  readonly allowedHeaders: readonly string[]
  readonly requestTimeoutMs: number
  /** The longest timeout that users may ask for. */
  readonly statementTimeoutMs: number
  /** Whether users may ask for SERIALIZABLE batches. */
  readonly serializable: boolean
  readonly paths: AccessPaths
  readonly inFlight: InFlight
  /** Counts requests with large bodies, which have a lower limit because of their memory. */
  readonly largeBodies: InFlight
  readonly parseBody: ParseBody
  readonly gate: Gate
  readonly execute: Execute
  readonly executeByPassword: ExecuteByPassword
  /** Undefined when live queries are off. */
  readonly live?: Live | undefined
  /** For traces; undefined when they are off. */
  readonly outline?: OutlineStatement | undefined
  readonly readiness: Readiness
  readonly log: Log
}

/** The head of a successful answer. A batch's answer repeats the options of its request. */
type HeadOf = (isBatch: boolean) => Head

export function createHandle(parts: Parts): Handle {
  return async (request) => {
    const id = randomUUID()
    const ours = { 'neon-request-id': id, 'content-type': 'application/json' }
    const route = `${request.method} ${request.path}`
    // HEAD is GET without the body (RFC 9110 § 9.3.2), and Node omits the body.
    if (/^(GET|HEAD) \/healthz$/.test(route)) {
      return { status: 200, headers: ours, body: '{"status":"ok"}' }
    }
    if (/^(GET|HEAD) \/readyz$/.test(route)) {
      return { ...(await readyz(parts.readiness)), headers: ours }
    }
    const origin = request.headers.origin
    if (route === 'OPTIONS /sql') {
      const headers = preflightHeaders(origin, parts.allowedOrigins, parts.allowedHeaders)
      return { status: 200, headers: { ...headers, 'neon-request-id': id }, body: '' }
    }
    if (route !== 'POST /sql') {
      // Neon's protocol has a JSON string here instead of an error object.
      return {
        status: 400,
        headers: { ...ours, 'proxy-error-code': 'route_unknown' },
        body: '"query is not supported"',
      }
    }
    const headers = { ...ours, ...corsHeaders(origin, parts.allowedOrigins) }
    // Only with PROXY_TRACE=on.
    const isTraced = parts.outline !== undefined && asksForTrace(request.headers)
    const tracer = isTraced ? new Tracer() : undefined
    const run = (logged: Logged) => sql(request, parts, headers, logged, tracer)
    return withAccessLog(id, headers, parts.log, run, tracer)
  }
}

async function sql(
  request: Request,
  parts: Parts,
  answerHeaders: Head['headers'],
  logged: Logged,
  asked: Tracer | undefined,
): Promise<Response> {
  const { headers, cancellation } = request
  const { meters } = parts
  // Before the token: checking a signature costs more than making one up.
  parts.rates.address.take(request.address)
  const target = parseConnectionString(headers['neon-connection-string'])
  const path = choosePath(headers.authorization, target, parts.paths)
  requireHostname(target)
  const live = wantsEvents(headers.accept) ? requireLive(parts.live) : undefined
  const options = parseOptions(headers)
  const headOf: HeadOf = (isBatch) => ({
    status: 200,
    headers: isBatch ? { ...answerHeaders, ...batchHeaders(options) } : answerHeaders,
  })
  const openStream: OpenStream = (isBatch) => request.begin(headOf(isBatch))
  if (path.kind === 'password') {
    if (live !== undefined) throw liveRefused('it needs a token, not a password')
    const credentials = {
      database: target.database,
      role: target.user,
      password: path.password,
      settings: loginSettings(target.settings),
    }
    return sqlByPassword(request, { credentials, options, openStream }, headOf, parts, logged)
  }
  const settings = requestSettings(target.settings, parts.statementTimeoutMs)
  const token = path.kind === 'token' ? path.token : undefined
  // For the owner of a token, and not for a stream of answers.
  const tracer = token === undefined || live !== undefined ? undefined : asked
  tracer?.begin('request')
  tracer?.see('request', { role: target.user, database: target.database })
  tracer?.begin('token')
  if (token !== undefined) tracer?.see('token', tokenSeen(token))
  const authenticated = await admit(token, target, request.address, parts, tracer)
  const { identity, user } = authenticated
  logged.role = identity.role
  requireDatabase(target, parts)

  const spendCpu = (ms: number) => {
    meters.budget.spend(user, ms)
  }
  const context = { user, cancellation, spendCpu }
  const place = parts.inFlight.enter(user)
  let largePlace: Place | undefined
  let deadline: NodeJS.Timeout | undefined
  let stream: { readonly ended: Promise<void> } | undefined
  try {
    tracer?.begin('body')
    const bytes = await request.body(() => {
      largePlace = parts.largeBodies.enter(user)
    })
    deadline = startDeadline(cancellation, parts.requestTimeoutMs)
    const body = await parts.parseBody(bytes, context)
    if (body.kind === 'batch' && !parts.serializable) refuseSerializable(options)
    const statements = body.kind === 'single' ? [body.statement] : body.statements
    tracer?.see('body', { statements: statements.length })
    const traced = tracer && (await outlined(tracer, statements, parts, context))
    const verdicts = await judge(statements, parts.gate, context)
    const job = { request: body, options, settings, identity, verdicts, cancellation, user }
    if (live === undefined) {
      const answer = await parts.execute({ ...job, meters, openStream, place, traced })
      return answered(answer, headOf, logged, tracer)
    }
    stream = await live.open({
      ...{ request: body, options, settings, verdicts, user, context, authenticated },
      authenticate: () => parts.authenticate(token, target),
      begin: (onHalfClosed) =>
        request.begin({ status: 200, headers: { ...answerHeaders, ...EVENTS_HEAD } }, onHalfClosed),
      lastEventId: headers['last-event-id'],
    })
  } finally {
    clearTimeout(deadline)
    largePlace?.leave()
    place.leave()
  }
  // From here on the stream takes part in its user's turns, and holds no place among the requests.
  await stream.ended
  return { status: 200, headers: {}, body: '' }
}

/** No cache, and no reverse proxy that collects or compresses events, may come between. */
const EVENTS_HEAD = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
}

/** SQLSTATE 0A000, feature_not_supported. */
function requireLive(live: Live | undefined): Live {
  if (live !== undefined) return live
  throw new ProxyError('live_off', 'live queries are off', {
    code: '0A000',
    severity: 'ERROR',
    hint: 'Set PROXY_LIVE=on, or ask for application/json.',
  })
}

/** The password path has a rate limit and no budget: its role is the operator's own. */
const NO_CPU_BUDGET: JudgeContext['spendCpu'] = () => undefined

/** No gate and no identity: Postgres checks the password and enforces the role's own rights. */
async function sqlByPassword(
  request: Request,
  job: Pick<PasswordJob, 'credentials' | 'options' | 'openStream'>,
  headOf: HeadOf,
  parts: Parts,
  logged: Logged,
): Promise<Response> {
  const { cancellation } = request
  const { role } = job.credentials
  const user = `${role} by password`
  const context = { user, cancellation, spendCpu: NO_CPU_BUDGET }
  const answer = await withDeadline(cancellation, parts.requestTimeoutMs, () =>
    parts.executeByPassword({
      ...job,
      origin: request.headers.origin,
      // The password has been accepted by now. While the request waits for its body, and while a
      // statement runs, its session counts as its place.
      request: async () => {
        logged.role = role
        parts.rates.user.take(user)
        const bytes = await request.body()
        const place = parts.inFlight.enter(user)
        try {
          return await parts.parseBody(bytes, context)
        } finally {
          place.leave()
        }
      },
      cancellation,
    }),
  )
  return answered(answer, headOf, logged)
}

function answered(
  { bytes, rows, isBatch, release }: Answer,
  headOf: HeadOf,
  logged: Logged,
  tracer?: Tracer,
): Response {
  logged.rows = rows
  const { status, headers } = headOf(isBatch)
  tracer?.see('answer', { rows })
  const body = tracer === undefined ? bytes : withTrace(bytes, tracer.finish())
  return { status, headers, body, release }
}

/** What the trace shows of the statements: before the gate decides, for a refused one is shown as well. */
async function outlined(
  tracer: Tracer,
  statements: readonly Statement[],
  { outline }: Parts,
  context: JudgeContext,
): Promise<Traced> {
  tracer.begin('gate')
  const outlines: (Outline | undefined)[] = []
  for (const { sql } of statements.slice(0, MOST_SHOWN))
    outlines.push(await outline?.(sql, context))
  tracer.see('gate', { statements: outlines.map((one) => ({ tree: one?.tree ?? [] })) })
  return { tracer, outlines }
}

/** One after the other, so that a refusal leaves no other check running. */
async function judge(
  statements: readonly Statement[],
  gate: Gate,
  context: JudgeContext,
): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = []
  for (const { sql } of statements) verdicts.push(await gate(sql, context))
  requireSmallPatterns(statements, verdicts)
  return verdicts
}

async function readyz(readiness: Readiness): Promise<Omit<Response, 'headers'>> {
  const problems = await readiness()
  return problems.length === 0
    ? { status: 200, body: '{"status":"ready"}' }
    : { status: 503, body: JSON.stringify({ status: 'not ready', problems }) }
}
