/** Connects node:http to the path of a request, such that no client can crash or block it. */
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
  /** How long a connection may be silent, on top of the statement timeout. */
  readonly silenceMs: number
}

export type HttpSettings = {
  readonly handle: Handle
  readonly maxBodyBytes: number
  readonly statementTimeoutMs: number
  readonly clientAddress: ClientAddress
} & Partial<HttpTimeouts>

/** Longer than the minute after which most load balancers close a connection, so they close first. */
const KEEP_ALIVE_MS = 65_000
/**
 * More than Node's 16 KB, for tokens with many claims, and more than the longest accepted token, so
 * that a token that is too long gets a readable refusal with CORS headers.
 */
const MAX_HEADER_BYTES = 128 * 1024
/** Node sends head and body in one write only if both are text, which saves a tenth of a small answer. */
const ONE_PIECE_BYTES = 16 * 1024
/** How long after a client has ended its side to test whether it is still there. */
const HALF_CLOSED_MS = 100

export function createHttpServer(settings: HttpSettings): Server {
  const { headersTimeoutMs = 15_000, requestTimeoutMs = 60_000, silenceMs = 60_000 } = settings
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    // How often Node checks for requests that took too long.
    connectionsCheckingInterval: Math.min(5_000, headersTimeoutMs),
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Otherwise Node answers, in its own format.
    requireHostHeader: false,
    noDelay: true,
  })
  // A client may end its side after its request and wait for the answer (RFC 9112 § 9.6).
  Object.assign(server, { httpAllowHalfOpen: true })
  const latest: LatestExchange = new WeakMap()
  // Answers that a client does not read must not stay in memory.
  server.timeout = settings.statementTimeoutMs + silenceMs
  // While the server closes, an idle keep-alive connection would keep the process running.
  const mayStayOpen = () => server.listening
  const onRequest = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    serve(settings, latest, incoming, outgoing, mayStayOpen).catch(() => {
      // No error of one request may end the process.
      outgoing.destroy()
    })
  }
  server.on('request', onRequest)
  // Expectations may be ignored (RFC 9110 § 10.1.1).
  server.on('checkExpectation', onRequest)
  server.on('clientError', (error, socket) => {
    onUnreadable(error, socket, latest.get(socket)?.exchange)
  })
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    const exchange = latest.get(socket)?.exchange
    // Node has detached the socket, while an answer may still be in progress.
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
  /** Cancelled when nothing more can be read from the connection. */
  readonly unreadable: Cancellation
  /** The answer's `release`: called once it has been sent, or cannot be. */
  release: (() => void) | undefined
  /** Called when the client has ended its side while the answer is being sent. */
  onHalfClosed: (() => void) | undefined
}

/**
 * The latest exchange of each connection. The holder is created once per connection: a new entry per
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
  const exchange: Exchange = {
    incoming,
    outgoing,
    unreadable,
    release: undefined,
    onHalfClosed: undefined,
  }
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
    begin: (head, onHalfClosed) => {
      exchange.onHalfClosed = onHalfClosed
      return begin(outgoing, head, mayStayOpen())
    },
  })
  const staysOpen = mayStayOpen()
  if (!incoming.complete && !outgoing.headersSent) await discardBody(incoming, unreadable)
  if (!staysOpen) closesGently(incoming.socket)
  if (isClosed(outgoing)) response.release?.()
  else exchange.release = response.release
  send(outgoing, response, staysOpen)
}

/** Node would close the connection immediately after the answer. */
function closesGently(socket: Socket): void {
  socket.destroySoon = () => {
    closeGently(socket)
  }
}

/**
 * A client that has gone looks like one that has only ended its side, until we send something. An
 * interim response is safe, because every HTTP/1.1 client skips it (RFC 9110 § 15.2). If the client has
 * gone, its reset is noticed at the next attempt.
 */
function checkHalfClosed(exchange: Exchange, ms = HALF_CLOSED_MS): void {
  const { incoming, outgoing } = exchange
  const timer = setTimeout(() => {
    if (outgoing.headersSent) exchange.onHalfClosed?.()
    if (outgoing.headersSent || outgoing.destroyed) return
    if (incoming.httpVersion === '1.1') {
      // Without a socket, this answer still waits for the previous one.
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

/** Starts an answer whose length is not known: it is sent in chunks (RFC 9112 § 7.1). */
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
    // It failed half-way. Without the last chunk, no client takes it for a complete answer.
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

/** Calls the listener once the answer has been sent or cannot be sent; it may be called twice. */
function onceClosed(outgoing: ServerResponse, listener: () => void): void {
  const { req } = outgoing
  if (isClosed(outgoing)) {
    listener()
    return
  }
  outgoing.once('close', listener)
  // It still waits for the previous answer, and Node would not report a closed connection to it.
  if (outgoing.socket === null) req.socket.once('close', listener)
}

function isClosed({ destroyed, req }: ServerResponse): boolean {
  return destroyed || req.socket.destroyed
}

/** The unread rest of a body must not be taken for the next request. */
function connectionHeader(mayStayOpen: boolean): Record<string, string> {
  return mayStayOpen ? {} : { connection: 'close' }
}

/** Drops the query string, and the scheme and host of an absolute URL (RFC 9112 § 3.2.2). */
function pathOf(target: string): string {
  const [path = ''] = target.replace(/^https?:\/\/[^/?]*/i, '').split('?')
  return path
}

/** The first of repeated headers counts. Node would join most of them. */
function firstHeaders(raw: readonly string[]): Headers {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i]?.toLowerCase() ?? ''
    headers[name] ??= raw[i + 1] ?? ''
  }
  return headers
}

/** All values: each proxy on the way may have added a header of its own. */
function forwardedFor({ headersDistinct }: IncomingMessage): string | undefined {
  return headersDistinct['x-forwarded-for']?.join()
}

const OVERFLOW = 'HPE_HEADER_OVERFLOW'

/** Answers what is not valid HTTP, but never in the middle of another answer. */
function onUnreadable(error: unknown, socket: Duplex, exchange: Exchange | undefined): void {
  const isOverflow = error instanceof Error && 'code' in error && error.code === OVERFLOW
  if (exchange !== undefined && isUnderWay(exchange)) {
    if (exchange.unreadable.reason !== undefined) return
    exchange.unreadable.cancel(interrupted())
    // Its headers may have promised that the connection stays open.
    exchange.outgoing.once('finish', () => {
      closeGently(socket)
    })
    return
  }
  if (!socket.writable) {
    // While it closes gently, further input is ignored.
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
 * The Origin header may be in the part that was not read. This answer is always the same and repeats
 * nothing of the request, so any page may read it.
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
