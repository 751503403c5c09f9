/** node:http on one side, the path of a request on the other; starts and stops what lies between. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { applyAllowlist } from './allowlist/apply'
import type { Config } from './config'
import { errorBody, ProxyError } from './errors'
import { createExecute } from './execute'
import { createGate, type Gate } from './gate/gate'
import { createHandle, type Handle, type Response } from './handle'
import { InFlight } from './in-flight'
import { logToStdout, type Log } from './log'
import { createExecuteByPassword } from './password/execute'
import { PasswordSessions } from './password/sessions'
import { Pool } from './postgres/pool'
import { RateLimit } from './rate-limit'
import { readBody } from './read-body'
import { createReadiness } from './readiness'
import { createRoleCheck } from './role-check'
import { openTokens, type TokenOverrides } from './tokens/open-tokens'

export type Proxy = {
  /** Such as http://127.0.0.1:4444, without a path. */
  readonly url: string
  /** Reads the files again that say which tokens count. */
  reload(): void
  /** Finishes what is in flight, for as long as the configuration says, then stops. */
  close(): Promise<void>
}

/** For tests: none of these can be set by a variable. */
export type Overrides = {
  readonly gate?: Gate
  readonly log?: Log
  readonly tokens?: TokenOverrides
}

/** A statement that runs into its timeout should be told so by Postgres, which says it better. */
const TIMEOUT_SLACK_MS = 2_000
/** Room for the frame of a row around its values. */
const MESSAGE_SLACK_BYTES = 64 * 1024
const REQUEST_TIMEOUT_MS = 60_000
const KEEP_ALIVE_MS = 65_000
const MAX_HEADER_BYTES = 64 * 1024

/** @throws Error when the address cannot be listened on */
export async function startProxy(config: Config, overrides: Overrides = {}): Promise<Proxy> {
  const { limits } = config
  const session = {
    url: config.databaseUrl,
    statementTimeoutMs: limits.statementTimeoutMs,
    queueLength: limits.queueLength,
    maxMessageBytes: limits.answerBytes + MESSAGE_SLACK_BYTES,
  }
  const pool = new Pool({ ...session, size: limits.poolSize })
  const passwordSessions = new PasswordSessions({
    ...session,
    roles: new Set(config.passwordRoles),
  })
  const allowedOrigins = new Set(config.allowedOrigins)
  const tokens = openTokens(config.tokens, overrides.tokens)
  const gate = overrides.gate ?? (await createGate(config.functions))
  const allowlist = await applyAllowlist(gate, config)
  const handle = createHandle({
    databaseName: config.databaseName,
    allowedOrigins,
    doors: { anonymous: config.anonymous, password: config.passwordRoles.length > 0 },
    requestTimeoutMs: limits.statementTimeoutMs + TIMEOUT_SLACK_MS,
    authentication: {
      verifyToken: tokens.verifyToken,
      checkRole: createRoleCheck(pool),
      sessionKey: config.sessionKey,
    },
    rates: {
      user: new RateLimit(config.requestsPerSecond.user),
      address: new RateLimit(config.requestsPerSecond.address),
    },
    inFlight: new InFlight(limits.inFlightPerUser),
    gate: allowlist.gate,
    execute: createExecute(pool, limits),
    executeByPassword: createExecuteByPassword(passwordSessions, allowedOrigins, limits),
    readiness: createReadiness(pool, tokens.providers),
    log: overrides.log ?? logToStdout,
  })

  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      noDelay: true,
    },
    (incoming, outgoing) => {
      // Once closing, a connection that was kept alive would keep the process alive with it.
      const forwardedFor = incoming.headersDistinct['x-forwarded-for']?.join()
      const address = config.clientAddress(incoming.socket.remoteAddress, forwardedFor)
      const mayStayOpen = () => server.listening
      serve(handle, limits.bodyBytes, address, incoming, outgoing, mayStayOpen).catch(() => {
        // Nobody may end the process for everybody, whatever it was.
        outgoing.destroy()
      })
    },
  )
  server.on('clientError', answerMalformed)
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    answerMalformed(undefined, socket)
  })
  const url = await listen(server, config)
  return {
    url,
    reload: tokens.reload,
    close: () => {
      allowlist.close()
      tokens.close()
      return close(server, [pool, passwordSessions], limits.shutdownGraceMs)
    },
  }
}

async function serve(
  handle: Handle,
  maxBodyBytes: number,
  address: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  mayStayOpen: () => boolean,
): Promise<void> {
  const gone = new AbortController()
  outgoing.on('close', () => {
    if (!outgoing.writableFinished) gone.abort()
  })
  const response = await handle({
    method: incoming.method ?? '',
    path: pathOf(incoming.url ?? ''),
    headers: firstHeaders(incoming),
    address,
    body: () => readBody(incoming, maxBodyBytes),
    signal: gone.signal,
  })
  send(outgoing, response, incoming.complete && mayStayOpen())
}

function send(outgoing: ServerResponse, response: Response, mayStayOpen: boolean): void {
  const body = Buffer.from(response.body, 'utf8')
  outgoing.writeHead(response.status, {
    ...response.headers,
    'content-length': body.length,
    // What is left of a body that we did not want to read must not pass for the next request.
    ...(mayStayOpen ? {} : { connection: 'close' }),
  })
  outgoing.end(body)
}

/** Without the query string, and without the host that a client may put in front (RFC 9112 § 3.2.2). */
function pathOf(target: string): string {
  const [path = ''] = target.replace(/^https?:\/\/[^/?]*/i, '').split('?')
  return path
}

/** A header that is sent twice counts once, the first time: Node would join most of them. */
function firstHeaders(incoming: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(incoming.headersDistinct).map(([name, values]) => [name, values?.[0]]),
  )
}

/** What is not HTTP still gets an answer that is. */
function answerMalformed(_error: unknown, socket: Duplex): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const body = errorBody(new ProxyError('body_invalid', 'could not read the HTTP request'))
  socket.end(
    `HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\nneon-request-id: ${randomUUID()}\r\nproxy-error-code: body_invalid\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

function listen(server: Server, { host, port }: Config): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      const address = server.address()
      const actual = typeof address === 'object' && address !== null ? address.port : port
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${actual}`)
    })
  })
}

async function close(
  server: Server,
  pools: readonly { abort(): void }[],
  graceMs: number,
): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve()
    })
  })
  server.closeIdleConnections()
  const timer = setTimeout(() => {
    for (const pool of pools) pool.abort()
    server.closeAllConnections()
  }, graceMs)
  await closed
  clearTimeout(timer)
  for (const pool of pools) pool.abort()
}
