/** Connects as the database's owner, always closes the connection, and explains failures in one sentence. */
import { Client } from 'pg'
import { explain, parseDatabaseUrl } from './database-error'

/** “schema already exists, skipping” and “relation already exists, skipping”, at every later run. */
const EXPECTED_NOTICES = ['42P06', '42P07']

/** @throws DatabaseError about the variable DATABASE_URL, or whatever `work` throws */
export async function withOwner<T>(
  databaseUrl: string,
  work: (client: Client) => Promise<T>,
  onNotice: (notice: string) => void = () => undefined,
): Promise<T> {
  parseDatabaseUrl('DATABASE_URL', databaseUrl)
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 15_000 })
  const told = new Set(EXPECTED_NOTICES)
  client.on('notice', ({ code = '', message = '' }) => {
    // An installed file and private.harden() may raise the same notice.
    if (!told.has(code) && !told.has(message)) onNotice(message)
    told.add(message)
  })
  // The running query fails as well, and its error is handled there.
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await work(client)
  } catch (error) {
    throw explain(error, 'DATABASE_URL', databaseUrl)
  } finally {
    await client.end().catch(() => undefined)
  }
}
