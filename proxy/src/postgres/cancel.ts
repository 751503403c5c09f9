/** Asks Postgres to stop what a session is running, over a connection of its own. */
import { connect } from 'node:net'

export type Backend = {
  readonly host: string
  readonly port: number
  readonly processId: number
  readonly secretKey: number
}

const TIMEOUT_MS = 2_000

/**
 * Postgres closes the connection once it has signalled the backend, so a cancellation that was
 * delivered cannot arrive later: the backend handles the signal before it reads another message, and
 * ignores it when nothing is running. libpq's `PQcancelBlocking` and pgbouncer rely on the same.
 * The request may travel unencrypted, because the key stops being of use with the session.
 * @returns false when it may not have been delivered, or may still be; the session must not be reused
 */
export function cancel(backend: Backend): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = backend.host.startsWith('/')
      ? connect(`${backend.host}/.s.PGSQL.${backend.port}`)
      : connect(backend.port, backend.host)
    let isDelivered = false
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy())
    socket.on('error', () => socket.destroy())
    socket.on('end', () => {
      isDelivered = true
    })
    // Postgres answers nothing unless it could not start a process for the request.
    socket.on('data', () => socket.destroy())
    socket.on('close', (hadError) => {
      resolve(isDelivered && !hadError)
    })
    socket.on('connect', () => {
      const message = Buffer.alloc(16)
      message.writeInt32BE(16, 0)
      message.writeInt32BE(80877102, 4) // CancelRequest
      message.writeInt32BE(backend.processId, 8)
      message.writeInt32BE(backend.secretKey, 12)
      socket.write(message)
    })
  })
}
