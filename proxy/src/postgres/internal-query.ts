/** Runs the proxy's own queries, each with a timeout. */
import { within } from '../cancellation'
import { ProxyError } from '../errors'
import type { PostgresConnection } from './connection'
import { ConnectionLost } from './flight'
import type { Pool } from './pool'

const TIMEOUT_MS = 5_000

/** A session that does not answer within this time may have lost its connection. */
const FIRST_MS = 1_000

/**
 * An unanswered query is tried once more, on a session that has just been probed.
 * @param question only reads
 * @throws ProxyError when there is no session, ConnectionLost when the answer takes too long
 */
export async function internalQuery<T>(
  pool: Pool,
  question: (connection: PostgresConnection) => Promise<T>,
): Promise<T> {
  try {
    return await queryOnce(pool, question, FIRST_MS)
  } catch (error) {
    const isUnanswered = error instanceof ProxyError && error.code === 'cancelled'
    if (!isUnanswered && !(error instanceof ConnectionLost)) throw error
    await pool.checkIdle(FIRST_MS)
    return queryOnce(pool, question, TIMEOUT_MS)
  }
}

function queryOnce<T>(
  pool: Pool,
  question: (connection: PostgresConnection) => Promise<T>,
  ms: number,
): Promise<T> {
  return within(ms, async (cancellation) => {
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
