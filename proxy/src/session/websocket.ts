/**
 * The way in over WebSocket, for `Pool` and `Client` of the driver. A frame holds any part of the protocol's
 * stream of bytes. https://github.com/neondatabase/serverless/blob/main/DEPLOY.md
 */
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { createWebSocketStream, WebSocketServer, type WebSocket } from 'ws'
import { toProxyError, errorBody, ProxyError } from '../errors'
import type { ClientAddress } from '../http/client-address'
import type { RateLimit } from '../limits/rate-limit'
import type { Sessions } from './sessions'

export type WebSocketSettings = {
  readonly sessions: Pick<Sessions, 'serve'>
  readonly allowedOrigins: ReadonlySet<string>
  readonly clientAddress: ClientAddress
  readonly rate: RateLimit
  readonly maxFrameBytes: number
  readonly pingMs?: number
}

/** `/v1?address=…` is for other proxies, which connect to any address; here there is only one database. */
const PATH = /^\/v[12](?:\?|$)/
/** Below the minute after which most load balancers close a silent connection. */
const PING_MS = 30_000
/** https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
const UNSUPPORTED_DATA = 1003

/** @returns what closes the connections that are still open */
export function acceptWebSockets(server: Server, settings: WebSocketSettings): () => void {
  const { sessions, allowedOrigins, clientAddress, rate, maxFrameBytes } = settings
  const { pingMs = PING_MS } = settings
  const sockets = new WebSocketServer({
    noServer: true,
    // Compressing what holds secrets beside what an attacker chooses gives the secrets away (CRIME).
    perMessageDeflate: false,
    maxPayload: maxFrameBytes,
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const address = clientAddress(request.socket.remoteAddress, () =>
      request.headersDistinct['x-forwarded-for']?.join(),
    )
    socket.on('error', () => undefined)
    try {
      rate.take(address)
      requireKnown(request, allowedOrigins)
    } catch (error) {
      refuse(socket, toProxyError(error))
      return
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      keepAlive(webSocket, pingMs)
      webSocket.on('message', (_data, isBinary) => {
        if (!isBinary) webSocket.close(UNSUPPORTED_DATA, 'send binary frames')
      })
      void sessions.serve(createWebSocketStream(webSocket, { allowHalfOpen: false }), address)
    })
  })
  return () => {
    for (const webSocket of sockets.clients) webSocket.terminate()
  }
}

/** A page of any origin can open a WebSocket, and browsers ask no server first. */
function requireKnown({ url = '', headers }: IncomingMessage, allowed: ReadonlySet<string>): void {
  if (!PATH.test(url)) throw new ProxyError('route_unknown', 'query is not supported')
  const { origin } = headers
  if (origin === undefined || allowed.has(origin)) return
  throw new ProxyError('origin_refused', 'sessions are not accepted from this origin', {
    hint: 'Name the origin in PROXY_ALLOWED_ORIGINS.',
  })
}

function refuse(socket: Duplex, error: ProxyError): void {
  const body = errorBody(error)
  socket.end(
    [
      `HTTP/1.1 ${error.status} Refused`,
      'content-type: application/json',
      `proxy-error-code: ${error.code}`,
      'connection: close',
      `content-length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  )
  setTimeout(() => socket.destroy(), 1_000).unref()
}

/** Ends a connection that the network has dropped. Any client answers a ping. */
function keepAlive(webSocket: WebSocket, ms: number): void {
  let isAlive = true
  webSocket.on('pong', () => {
    isAlive = true
  })
  webSocket.on('error', () => undefined)
  const timer = setInterval(() => {
    if (!isAlive) {
      webSocket.terminate()
      return
    }
    isAlive = false
    webSocket.ping()
  }, ms).unref()
  webSocket.on('close', () => {
    clearInterval(timer)
  })
}
