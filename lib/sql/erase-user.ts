/**
 * Deletes what a user who is gone has left, as a role that can do nothing else: `eraser` may call one
 * function, and reaches no table. Not through the SQL proxy, for there is no user left to have a token.
 */
import 'server-only'
import { Client } from 'pg'

/** Safe to repeat. @throws Error when the database did not say that everything is deleted */
export async function eraseUser(databaseUrl: string, userId: string): Promise<void> {
  const client = new Client({
    connectionString: databaseUrl,
    application_name: 'todos-eraser',
    connectionTimeoutMillis: 5_000,
    query_timeout: 20_000,
  })
  // A connection that breaks while idle must not end the process.
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select erasure.erase_user($1)', [userId])
  } finally {
    await client.end()
  }
}
