/** Questions of the proxy's own to Postgres: each has its time, and is cancelled when that is over. */
import { within } from '../cancellation'
import type { PostgresConnection } from './connection'
import type { Pool } from './pool'

const TIMEOUT_MS = 5_000

/** @throws ProxyError when there is no session, ConnectionLost when the answer takes too long */
export function ask<T>(
  pool: Pool,
  question: (connection: PostgresConnection) => Promise<T>,
): Promise<T> {
  return within(TIMEOUT_MS, async (cancellation) => {
    const connection = await pool.acquire(cancellation)
    cancellation.listen(() => {
      connection.stop()
    })
    try {
      return await question(connection)
    } finally {
      await pool.release(connection)
    }
  })
}
