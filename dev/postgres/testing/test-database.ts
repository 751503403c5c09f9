/**
 * A throwaway database, migrated and empty, for tests that want the real thing.
 *
 * It is on a server that test files share in turn, or else on one of its own. Where TEST_DATABASE_URL
 * names a server (a superuser's connection string), it is on that. Roles belong to a whole server, so
 * its `authenticator` gets the tests' password: use no server that anything else relies on.
 */
import { createHash, randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { migrate } from '../../../db/migrate'
import { borrowServer, TEMPLATE } from './shared-servers'
import { startTestServer, type TestServer } from './test-server'

export type TestDatabase = {
  /** May do everything. */
  ownerUrl: string
  /** The proxy's way in. */
  authenticatorUrl: string
  /** Base64; identities sealed with it count. */
  sessionKey: string
  /** Removes the database and all that was started for it. */
  stop: () => Promise<void>
}

/** @param given a superuser's connection string to the server to use */
export async function startTestDatabase(
  given = process.env.TEST_DATABASE_URL,
): Promise<TestDatabase> {
  if (given) return startOn({ url: given, stop: () => Promise.resolve() })
  const shared = await borrowServer()
  const server = shared ?? (await startTestServer())
  try {
    return await startOn(server, shared === null ? 'template1' : TEMPLATE)
  } catch (error) {
    await server.stop()
    throw error
  }
}

async function startOn(server: TestServer, template = 'template1'): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  const ownerUrl = withPath(server.url, name)
  const authenticatorUrl = new URL(ownerUrl)
  authenticatorUrl.username = 'authenticator'
  // The same for every test file that shares the server.
  authenticatorUrl.password = createHash('sha256').update(server.url).digest('hex').slice(0, 32)
  const sessionKey = randomBytes(32).toString('base64')

  await onServer(server, async (client) => {
    // Test files run side by side, and roles cannot be altered by two transactions at once.
    await client.query(`select pg_advisory_lock(hashtext('startTestDatabase'))`)
    await client.query(`create database ${name} template ${template}`)
    // A copy has its structure already, but not its privileges nor the secrets.
    await migrate({ databaseUrl: ownerUrl, proxyDatabaseUrl: authenticatorUrl.href, sessionKey })
  })
  return {
    ownerUrl,
    authenticatorUrl: authenticatorUrl.href,
    sessionKey,
    stop: async () => {
      await onServer(server, (client) => client.query(`drop database ${name} with (force)`))
      await server.stop()
    },
  }
}

async function onServer(server: TestServer, work: (client: Client) => Promise<unknown>) {
  const client = new Client({ connectionString: server.url })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

function withPath(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}
