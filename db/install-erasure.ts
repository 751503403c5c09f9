/** Lets a deleted user's rows be deleted: the function of erasure.sql, and the login of the role that calls it. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { escapeLiteral, type Client } from 'pg'
import { DatabaseError, parseDatabaseUrl } from '../proxy/install/database-error'
import { scramVerifier } from '../proxy/install/scram'

const SQL = fileURLToPath(new URL('./erasure.sql', import.meta.url))

/**
 * @param eraserDatabaseUrl how the app logs in to delete; without it, the role keeps the login that it has
 * @throws DatabaseError when the URL is not one of the role `eraser`, with a password
 */
export async function installErasure(
  client: Pick<Client, 'query'>,
  eraserDatabaseUrl: string | undefined,
): Promise<void> {
  const password = eraserDatabaseUrl ? passwordIn(eraserDatabaseUrl) : null
  await client.query(readFileSync(SQL, 'utf8'))
  if (password === null) return
  await client.query(`alter role eraser login password ${escapeLiteral(scramVerifier(password))}`)
}

function passwordIn(eraserDatabaseUrl: string): string {
  const url = parseDatabaseUrl('ERASER_DATABASE_URL', eraserDatabaseUrl)
  // Poolers in front of a database add the project's name to the user's.
  if (!/^eraser(\.|$)/.test(decodeURIComponent(url.username))) {
    throw new DatabaseError('ERASER_DATABASE_URL must log in as eraser.')
  }
  const password = decodeURIComponent(url.password)
  if (!/^[\x20-\x7e]+$/.test(password)) {
    throw new DatabaseError('The password in ERASER_DATABASE_URL must be of printable ASCII.')
  }
  return password
}
