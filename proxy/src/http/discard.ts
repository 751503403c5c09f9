/**
 * Reads what nobody wants any more, within bounds. A client or a reverse proxy that still writes its
 * request when the connection closes gets a reset, which takes the answer with it (RFC 9112 § 9.6).
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Cancellation } from '../cancellation'

/** Of the body of a request that is refused unread, before the answer. */
const BODY_BYTES = 64 * 1024 * 1024
const BODY_MS = 10_000
/** Of anything, after the answer. */
const REST_BYTES = 1024 * 1024
const REST_MS = 2_000

/** Resolves at the end of the body, or where the bounds are. */
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

/** Says that no more will be written, and closes once the client has done the same. */
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
