/** A migrated database of its own for a test file, with a connection as its owner and one as the proxy's login. */
import type { Client } from 'pg'
import { startTestDatabase, type TestDatabase } from '../../dev/postgres/testing/test-database'
import { connect } from '../../proxy/test/testing/as-user'

export type OpenDatabase = {
  readonly database: TestDatabase
  readonly owner: Client
  readonly authenticator: Client
  readonly close: () => Promise<void>
}

export async function openDatabase(): Promise<OpenDatabase> {
  const database = await startTestDatabase()
  const owner = await connect(database.ownerUrl)
  const authenticator = await connect(database.authenticatorUrl)
  const close = async () => {
    await owner.end()
    await authenticator.end()
    await database.stop()
  }
  return { database, owner, authenticator, close }
}
