/** Asks Postgres to stop what a session is running, from a connection of its own. */
import { connect } from 'node:net'

export type Backend = {
  readonly host: string
  readonly port: number
  readonly processId: number
  readonly secretKey: number
}

const TIMEOUT_MS = 2_000

/**
 * Fire and forget: whether it came in time cannot be known, so a session that was told to stop
 * must be closed and never used again. That is also why the key may travel unencrypted.
 */
export function cancel(backend: Backend): void {
  const socket = backend.host.startsWith('/')
    ? connect(`${backend.host}/.s.PGSQL.${backend.port}`)
    : connect(backend.port, backend.host)
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy())
  socket.on('error', () => socket.destroy())
  socket.on('connect', () => {
    const message = Buffer.alloc(16)
    message.writeInt32BE(16, 0)
    message.writeInt32BE(80877102, 4) // CancelRequest
    message.writeInt32BE(backend.processId, 8)
    message.writeInt32BE(backend.secretKey, 12)
    socket.end(message)
  })
}
