/** node:http on one side, the path of a request on the other; nobody can crash it or hold it up. */
import { randomUUID } from 'node:crypto'
import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { Duplex } from 'node:stream'
import { Cancellation, cancelled } from './cancellation'
import type { ClientAddress } from './client-address'
import type { Outlet } from './answer/answer-writer'
import { errorBody, ProxyError } from './errors'
import { EXPOSED_HEADERS } from './cors'
import type { Handle, Head, Response } from './handle'
import { readBody } from './read-body'
import type { Headers } from './request/options'
import { MAX_TOKEN_LENGTH } from './tokens/decode'

export type HttpTimeouts = {
  /** From the first byte of a request to the last of its headers. */
  readonly headersTimeoutMs: number
  /** From the first byte of a request to the last of its body. */
  readonly requestTimeoutMs: number
  /** With nothing read or written, beyond the time that a statement may take. */
  readonly silenceMs: number
}

export type HttpSettings = {
  readonly handle: Handle
  readonly maxBodyBytes: number
  readonly statementTimeoutMs: number
  readonly clientAddress: ClientAddress
} & Partial<HttpTimeouts>

/** Longer than the minute after which most load balancers close a connection, so that they are first. */
const KEEP_ALIVE_MS = 65_000
/**
 * More than Node's 16 KB, for a token with many claims; and more than any token that is accepted, so
 * that one which is too large is refused in words, and to the origin that sent it.
 */
const MAX_HEADER_BYTES = 128 * 1024
/** How much of a request that was refused unread is read and thrown away, and for how long. */
const DISCARD_BYTES = 1024 * 1024
const DISCARD_MS = 2_000

export function createHttpServer(settings: HttpSettings): Server {
  const { headersTimeoutMs = 15_000, requestTimeoutMs = 60_000, silenceMs = 60_000 } = settings
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    // How often Node looks for those who took too long.
    connectionsCheckingInterval: Math.min(5_000, headersTimeoutMs),
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Node would answer in its own words.
    requireHostHeader: false,
    noDelay: true,
  })
  // A client that does not read its answers would have us keep them.
  server.timeout = settings.statementTimeoutMs + silenceMs
  // Once closing, a connection that was kept alive would keep the process alive with it.
  const mayStayOpen = () => server.listening
  const onRequest = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    serve(settings, incoming, outgoing, mayStayOpen).catch(() => {
      // Nobody may end the process for everybody, whatever it was.
      outgoing.destroy()
    })
  }
  server.on('request', onRequest)
  // Nothing is expected of us that we could not do without (RFC 9110 § 10.1.1).
  server.on('checkExpectation', onRequest)
  server.on('clientError', answerMalformed)
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    answerMalformed(undefined, socket)
  })
  return server
}

async function serve(
  { handle, maxBodyBytes, clientAddress }: HttpSettings,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  mayStayOpen: () => boolean,
): Promise<void> {
  const cancellation = new Cancellation()
  outgoing.on('close', () => {
    if (!outgoing.writableFinished) cancellation.cancel(cancelled())
  })
  const headers = firstHeaders(incoming.rawHeaders)
  const response = await handle({
    method: incoming.method ?? '',
    path: pathOf(incoming.url ?? ''),
    headers,
    address: clientAddress(incoming.socket.remoteAddress, () => forwardedFor(incoming)),
    body: (onLarge) => readBody(incoming, maxBodyBytes, onLarge),
    cancellation,
    begin: (head) => begin(outgoing, head, incoming.complete && mayStayOpen()),
  })
  send(outgoing, response, incoming.complete && mayStayOpen())
}

/** An answer whose end is not known yet: it goes out in chunks (RFC 9112 § 7.1). */
function begin(outgoing: ServerResponse, head: Head, mayStayOpen: boolean): Outlet {
  outgoing.writeHead(head.status, { ...head.headers, ...connectionHeader(mayStayOpen) })
  return {
    write: (bytes) => outgoing.write(bytes),
    onceDrained: (listener) => {
      outgoing.once('drain', listener)
    },
  }
}

function send(outgoing: ServerResponse, response: Response, mayStayOpen: boolean): void {
  const { status, headers } = response
  const body =
    typeof response.body === 'string' ? [Buffer.from(response.body, 'utf8')] : response.body
  if (outgoing.headersSent && status !== outgoing.statusCode) {
    // It went wrong half-way. Without the last chunk, nobody takes what was sent for an answer.
    outgoing.destroy()
    return
  }
  if (!outgoing.headersSent) {
    let length = 0
    for (const bytes of body) length += bytes.length
    outgoing.writeHead(status, {
      ...headers,
      'content-length': length,
      ...connectionHeader(mayStayOpen),
    })
  }
  for (const bytes of body.slice(0, -1)) outgoing.write(bytes)
  outgoing.end(body.at(-1))
}

/** What is left of a body that we did not want to read must not pass for the next request. */
function connectionHeader(mayStayOpen: boolean): Record<string, string> {
  return mayStayOpen ? {} : { connection: 'close' }
}

/** Without the query string, and without the host that a client may put in front (RFC 9112 § 3.2.2). */
function pathOf(target: string): string {
  const [path = ''] = target.replace(/^https?:\/\/[^/?]*/i, '').split('?')
  return path
}

/** A header that is sent twice counts once, the first time: Node would join most of them. */
function firstHeaders(raw: readonly string[]): Headers {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i]?.toLowerCase() ?? ''
    headers[name] ??= raw[i + 1] ?? ''
  }
  return headers
}

/** All of them: each proxy on the way may have added one of its own. */
function forwardedFor({ headersDistinct }: IncomingMessage): string | undefined {
  return headersDistinct['x-forwarded-for']?.join()
}

const OVERFLOW = 'HPE_HEADER_OVERFLOW'

/** What is not HTTP still gets an answer that is. */
function answerMalformed(error: unknown, socket: Duplex): void {
  const isOverflow = error instanceof Error && 'code' in error && error.code === OVERFLOW
  if (!socket.writable) {
    // The rest of headers that were refused: discardRest() ends it.
    if (!isOverflow) socket.destroy()
    return
  }
  if (isOverflow) discardRest(socket)
  socket.end(isOverflow ? rawAnswer(headersTooLarge(), ANY_ORIGIN) : rawAnswer(unreadable()))
}

function headersTooLarge(): ProxyError {
  return new ProxyError(
    'headers_too_large',
    `the headers of this request are larger than ${MAX_HEADER_BYTES} bytes; a JWT token may have ${MAX_TOKEN_LENGTH} characters`,
    { hint: 'Send a session token with fewer claims, and no other large headers.' },
  )
}

function unreadable(): ProxyError {
  return new ProxyError('body_invalid', 'could not read the HTTP request')
}

/**
 * Origin may stand in the part of the headers that was not read. This answer is the same for everybody
 * and made of nothing that was sent, so any page may read it.
 */
const ANY_ORIGIN = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': EXPOSED_HEADERS,
}

function rawAnswer(error: ProxyError, headers: Readonly<Record<string, string>> = {}): string {
  const body = errorBody(error)
  const lines = Object.entries({
    'content-type': 'application/json',
    'neon-request-id': randomUUID(),
    'proxy-error-code': error.code,
    ...headers,
    connection: 'close',
    'content-length': String(Buffer.byteLength(body)),
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  const { status } = error
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`
}

/** A client that still writes while the connection closes gets a reset, and not the answer. */
function discardRest(socket: Duplex): void {
  const timer = setTimeout(() => {
    socket.destroy()
  }, DISCARD_MS)
  socket.once('close', () => {
    clearTimeout(timer)
  })
  socket.once('end', () => {
    socket.destroy()
  })
  let discarded = 0
  socket.on('data', (chunk: Buffer) => {
    discarded += chunk.length
    if (discarded > DISCARD_BYTES) socket.destroy()
  })
}
