/**
 * The way in over TCP, for psql and any driver. Without TLS it answers this machine alone: a token
 * that crosses the network in clear can be used by anyone who reads it.
 */
import { createServer, type Server, type Socket } from 'node:net'
import { TLSSocket, type SecureContext } from 'node:tls'
import { ProxyError } from '../errors'
import type { ClientAddress } from '../http/client-address'
import { endStream, readChunk, readStartupPacket } from './client-stream'
import { malformed } from './from-client'
import type { Sessions } from './sessions'
import { readStartup } from './startup'
import { errorResponse, int32 } from './to-client'

export type TcpSettings = {
  readonly sessions: Pick<Sessions, 'serve'>
  readonly clientAddress: ClientAddress
  /** The current certificate; undefined where there is none. */
  readonly secureContext: () => SecureContext | undefined
}

/** https://www.iana.org/assignments/tls-extensiontype-values, and required by direct negotiation. */
const ALPN = 'postgresql'
/** The first byte of a TLS handshake (RFC 8446, section 5.1). */
const HANDSHAKE = 0x16
/** From the first byte to the end of the handshake. */
const OPENING_MS = 15_000

/** https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL */
export function createTcpServer(settings: TcpSettings): Server {
  return createServer({ noDelay: true, keepAlive: true }, (socket) => {
    socket.on('error', () => undefined)
    const deadline = setTimeout(() => {
      socket.destroy()
    }, OPENING_MS)
    open(socket, settings)
      .then((stream) => {
        if (stream === undefined) {
          socket.destroy()
          return
        }
        const address = settings.clientAddress(socket.remoteAddress, () => undefined)
        void settings.sessions.serve(stream, address)
      })
      .catch((error: unknown) => {
        if (error instanceof ProxyError) endStream(socket, errorResponse(error, 'FATAL'))
        else socket.destroy()
      })
      .finally(() => {
        clearTimeout(deadline)
      })
  })
}

/** @returns the stream of the session, encrypted unless it need not be; undefined if the client has left */
async function open(socket: Socket, { secureContext }: TcpSettings): Promise<Socket | undefined> {
  const first = await readChunk(socket)
  if (first === undefined) return undefined
  socket.unshift(first)
  const context = secureContext()
  if (first[0] === HANDSHAKE) {
    if (context === undefined) return undefined
    const encrypted = await encrypt(socket, context)
    // Without it, another protocol's client could be made to talk to this server (ALPACA).
    return encrypted.alpnProtocol === ALPN ? encrypted : undefined
  }
  for (;;) {
    const packet = await readStartupPacket(socket)
    if (packet === undefined) return undefined
    const { kind } = readStartup(packet)
    if (kind === 'ssl' && context !== undefined) {
      // Bytes in clear that came along would be taken for encrypted ones (CVE-2021-23214).
      if (socket.readableLength > 0) throw malformed('received unencrypted data after SSL request')
      socket.write('S')
      return encrypt(socket, context)
    }
    if (kind === 'ssl' || kind === 'gss') {
      socket.write('N')
      continue
    }
    // A key for cancelling has been on the network before, and is good for nothing else.
    if (kind === 'start' && !isLoopback(socket)) throw encryptionRequired()
    socket.unshift(Buffer.concat([int32(packet.length + 4), packet]))
    return socket
  }
}

function encrypt(socket: Socket, secureContext: SecureContext): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const encrypted = new TLSSocket(socket, {
      isServer: true,
      secureContext,
      ALPNProtocols: [ALPN],
    })
    encrypted.once('secure', () => {
      resolve(encrypted)
    })
    encrypted.on('error', reject)
    socket.once('close', () => {
      reject(new Error('the client has left'))
    })
  })
}

function isLoopback({ remoteAddress = '' }: Socket): boolean {
  return /^(::ffff:)?127\.|^::1$/.test(remoteAddress)
}

function encryptionRequired(): ProxyError {
  return new ProxyError('credentials_missing', 'this server accepts sessions over TLS only', {
    hint: 'Connect with sslmode=require, or better verify-full.',
  })
}
