/**
 * Reads and discards the rest of a request, within bounds. A client or reverse proxy that is still
 * writing when the connection closes gets a reset and may lose the answer (RFC 9112 § 9.6).
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Cancellation } from '../cancellation'

/** Limits for the body of a request that is refused unread, before the answer. */
const BODY_BYTES = 64 * 1024 * 1024
const BODY_MS = 10_000
/** Limits for anything after the answer. */
const REST_BYTES = 1024 * 1024
const REST_MS = 2_000

/** Resolves at the end of the body or at the limit. */
export function discardBody(incoming: IncomingMessage, unreadable: Cancellation): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0
    const count = (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > BODY_BYTES) end()
    }
    const end = () => {
      clearTimeout(timer)
      incoming.off('data', count)
      resolve()
    }
    const timer = setTimeout(end, BODY_MS)
    incoming.on('data', count).once('end', end).once('error', end).once('close', end)
    unreadable.listen(end)
    if (incoming.destroyed) end()
    else incoming.resume()
  })
}

/** Ends our side of the connection, and closes it once the client has ended its own. */
export function closeGently(socket: Duplex): void {
  if (socket.writableEnded) return
  socket.end()
  discardRest(socket)
}

function discardRest(socket: Duplex): void {
  const timer = setTimeout(() => {
    socket.destroy()
  }, REST_MS)
  socket.once('close', () => {
    clearTimeout(timer)
  })
  socket.once('end', () => {
    socket.destroy()
  })
  let bytes = 0
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > REST_BYTES) socket.destroy()
  })
  socket.resume()
}
