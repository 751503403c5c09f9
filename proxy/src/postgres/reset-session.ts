/** Resets a session to a known state, or closes it if that fails. */
import type { PostgresConnection } from './connection'

const TIMEOUT_MS = 5_000

/**
 * Restores a session's state after the login.
 * @returns after the reset, or when the session is closing because the reset failed or took too long
 */
export function resetSession(connection: PostgresConnection): Promise<void> {
  return orClose(connection, async () => {
    if (connection.isInTransaction) await connection.rollback()
    await connection.reset()
  })
}

/** Rolls back a transaction that a cancelled statement has left open. */
export function rollBackSession(connection: PostgresConnection): Promise<void> {
  return orClose(connection, () => connection.rollback())
}

async function orClose(connection: PostgresConnection, work: () => Promise<void>): Promise<void> {
  const timer = setTimeout(() => {
    void connection.close()
  }, TIMEOUT_MS)
  try {
    await work()
  } catch {
    void connection.close()
  } finally {
    clearTimeout(timer)
  }
}
