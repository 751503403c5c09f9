/** node:http on one side, the path of a request on the other; nobody can crash it or hold it up. */
import { randomUUID } from 'node:crypto'
import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { Cancellation, cancelled } from '../cancellation'
import type { ClientAddress } from './client-address'
import type { ResponseStream } from '../execute/answer/answer-writer'
import { closeGently, discardBody } from './discard'
import { errorBody, ProxyError } from '../errors'
import { EXPOSED_HEADERS } from './cors'
import type { Handle, Head, Response } from './message'
import { interrupted, readBody } from './read-body'
import type { Headers } from '../request/options'
import { MAX_TOKEN_LENGTH } from '../auth/tokens/decode'

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
/** Node joins head and body into one write only if both are text, which saves a tenth of a small answer. */
const ONE_PIECE_BYTES = 16 * 1024
/** How long a client may have ended its side before it is asked whether it is still there. */
const HALF_CLOSED_MS = 100

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
  // A client may end its side behind its request (RFC 9112 § 9.6), and waits for the answer.
  Object.assign(server, { httpAllowHalfOpen: true })
  const latest: LatestExchange = new WeakMap()
  // A client that does not read its answers would have us keep them.
  server.timeout = settings.statementTimeoutMs + silenceMs
  // Once closing, a connection that was kept alive would keep the process alive with it.
  const mayStayOpen = () => server.listening
  const onRequest = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    serve(settings, latest, incoming, outgoing, mayStayOpen).catch(() => {
      // Nobody may end the process for everybody, whatever it was.
      outgoing.destroy()
    })
  }
  server.on('request', onRequest)
  // Nothing is expected of us that we could not do without (RFC 9110 § 10.1.1).
  server.on('checkExpectation', onRequest)
  server.on('clientError', (error, socket) => {
    onUnreadable(error, socket, latest.get(socket)?.exchange)
  })
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    const exchange = latest.get(socket)?.exchange
    // Node has detached the socket from an answer that is still under way.
    socket.on('drain', () => exchange?.outgoing.emit('drain'))
    onUnreadable(undefined, socket, exchange)
  })
  server.on('connection', (socket: Socket) => {
    const holder: { exchange?: Exchange } = {}
    latest.set(socket, holder)
    socket.once('end', () => {
      if (holder.exchange !== undefined) checkHalfClosed(holder.exchange)
    })
  })
  return server
}

/** A request and its answer. */
type Exchange = {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  /** Cancelled when nothing more can be read on its connection: of its body, or behind it. */
  readonly unreadable: Cancellation
  /** Of the answer: called once it has been sent, or cannot be. */
  release: (() => void) | undefined
}

/**
 * The last one of each connection, in a holder that is made once: an entry that changed with every
 * request would keep the garbage collector busy.
 */
type LatestExchange = WeakMap<Duplex, { exchange?: Exchange }>

async function serve(
  { handle, maxBodyBytes, clientAddress }: HttpSettings,
  latest: LatestExchange,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  serverStaysOpen: () => boolean,
): Promise<void> {
  const unreadable = new Cancellation()
  const exchange: Exchange = { incoming, outgoing, unreadable, release: undefined }
  const holder = latest.get(incoming.socket)
  if (holder !== undefined) holder.exchange = exchange
  const mayStayOpen = () =>
    incoming.complete && unreadable.reason === undefined && serverStaysOpen()
  const cancellation = new Cancellation()
  onceClosed(outgoing, () => {
    if (!outgoing.writableFinished) cancellation.cancel(cancelled())
    exchange.release?.()
    exchange.release = undefined
  })
  const headers = firstHeaders(incoming.rawHeaders)
  const response = await handle({
    method: incoming.method ?? '',
    path: pathOf(incoming.url ?? ''),
    headers,
    address: clientAddress(incoming.socket.remoteAddress, () => forwardedFor(incoming)),
    body: (onLarge) => readBody(incoming, maxBodyBytes, unreadable, onLarge),
    cancellation,
    begin: (head) => begin(outgoing, head, mayStayOpen()),
  })
  const staysOpen = mayStayOpen()
  if (!incoming.complete && !outgoing.headersSent) await discardBody(incoming, unreadable)
  if (!staysOpen) closesGently(incoming.socket)
  if (isClosed(outgoing)) response.release?.()
  else exchange.release = response.release
  send(outgoing, response, staysOpen)
}

/** Node would close at once behind the answer. */
function closesGently(socket: Socket): void {
  socket.destroySoon = () => {
    closeGently(socket)
  }
}

/**
 * A client that has gone away looks like one that only ended its side, until it is sent something:
 * an interim response, which every client of HTTP/1.1 skips (RFC 9110 § 15.2). What it sends back
 * then shows at the next one.
 */
function checkHalfClosed(exchange: Exchange, ms = HALF_CLOSED_MS): void {
  const { incoming, outgoing } = exchange
  const timer = setTimeout(() => {
    if (outgoing.headersSent || outgoing.destroyed) return
    if (incoming.httpVersion === '1.1') {
      // Not while it waits for the end of the answer before it.
      if (outgoing.socket !== null) outgoing.writeContinue()
      checkHalfClosed(exchange, 2 * ms)
    } else {
      incoming.socket.destroy()
    }
  }, ms)
  outgoing.once('close', () => {
    clearTimeout(timer)
  })
}

/** An answer whose end is not known yet: it goes out in chunks (RFC 9112 § 7.1). */
function begin(outgoing: ServerResponse, head: Head, mayStayOpen: boolean): ResponseStream {
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
  const [only] = body
  if (only !== undefined && body.length === 1 && only.length <= ONE_PIECE_BYTES) {
    outgoing.end(only.toString('latin1'), 'latin1')
    return
  }
  for (const bytes of body.slice(0, -1)) outgoing.write(bytes)
  outgoing.end(body.at(-1))
}

/** Calls the listener when the answer has been sent, or cannot be any more; perhaps twice. */
function onceClosed(outgoing: ServerResponse, listener: () => void): void {
  const { req } = outgoing
  if (isClosed(outgoing)) {
    listener()
    return
  }
  outgoing.once('close', listener)
  // It waits for the end of the answer before it, and Node would not tell it of the connection's.
  if (outgoing.socket === null) req.socket.once('close', listener)
}

function isClosed({ destroyed, req }: ServerResponse): boolean {
  return destroyed || req.socket.destroyed
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

/** What is not HTTP still gets an answer that is, but never in the middle of another one. */
function onUnreadable(error: unknown, socket: Duplex, exchange: Exchange | undefined): void {
  const isOverflow = error instanceof Error && 'code' in error && error.code === OVERFLOW
  if (exchange !== undefined && isUnderWay(exchange)) {
    if (exchange.unreadable.reason !== undefined) return
    exchange.unreadable.cancel(interrupted())
    // Its head may have promised that the connection stays open.
    exchange.outgoing.once('finish', () => {
      closeGently(socket)
    })
    return
  }
  if (!socket.writable) {
    // While it closes gently, what still comes is none of our business.
    if (!socket.writableEnded) socket.destroy()
    return
  }
  socket.write(isOverflow ? rawAnswer(headersTooLarge(), ANY_ORIGIN) : rawAnswer(unreadable()))
  closeGently(socket)
}

function isUnderWay({ outgoing }: Exchange): boolean {
  return !outgoing.writableFinished && !outgoing.destroyed
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
