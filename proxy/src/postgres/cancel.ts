/** Sends a CancelRequest for a session, over a separate connection. */
import { connect } from 'node:net'

export type Backend = {
  readonly host: string
  readonly port: number
  readonly processId: number
  readonly secretKey: number
}

const TIMEOUT_MS = 2_000

/**
 * Postgres closes the connection after it has signalled the backend. The backend handles the signal
 * before it reads another message, and ignores it when idle, so a delivered cancellation cannot hit a
 * later statement. libpq's `PQcancelBlocking` and PgBouncer rely on the same.
 * The request may travel unencrypted, because its key is useless once the session has ended.
 * @returns false when delivery is uncertain; then the session must not be reused
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
    // Postgres sends nothing, unless it could not start a process for the request.
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
