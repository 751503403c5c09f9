/** Takes a session back to what it was after its login, or closes it: what is in doubt is not kept. */
import type { PostgresConnection } from './connection'

const TIMEOUT_MS = 5_000

/** @returns after the reset, or after the session was closed because that failed or took too long */
export async function resetSession(connection: PostgresConnection): Promise<void> {
  const timer = setTimeout(() => {
    connection.abort()
  }, TIMEOUT_MS)
  try {
    if (connection.isInTransaction) await connection.rollback()
    await connection.reset()
  } catch {
    connection.destroy()
  } finally {
    clearTimeout(timer)
  }
}
