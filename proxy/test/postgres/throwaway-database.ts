/**
 * A throwaway database, migrated and empty, for tests that want the real thing.
 *
 * It is on a server that test files share in turn, or else on one of its own, or on one that is given.
 * Roles belong to a whole server, so its `authenticator` gets the tests' password: give no server that
 * anything else relies on.
 */
import { createHash, randomBytes } from 'node:crypto'
import { Client } from 'pg'
import type { InstallOptions } from '../../install/install'
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

/** Installs the proxy's SQL and makes tables, unless they are there. */
export type Migrate = (options: InstallOptions) => Promise<void>

/** @param given a superuser's connection string to the server to use */
export async function startThrowawayDatabase(
  migrate: Migrate,
  given?: string,
): Promise<TestDatabase> {
  if (given) return startOn({ url: given, stop: () => Promise.resolve() }, migrate)
  const shared = await borrowServer()
  const server = shared ?? (await startTestServer())
  try {
    return await startOn(server, migrate, shared === null ? 'template1' : TEMPLATE)
  } catch (error) {
    await server.stop()
    throw error
  }
}

async function startOn(
  server: TestServer,
  migrate: Migrate,
  template = 'template1',
): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  const ownerUrl = withPath(server.url, name)
  const authenticatorUrl = new URL(ownerUrl)
  authenticatorUrl.username = 'authenticator'
  // The same for every test file that shares the server.
  authenticatorUrl.password = createHash('sha256').update(server.url).digest('hex').slice(0, 32)
  const sessionKey = randomBytes(32).toString('base64')

  await onServer(server, async (client) => {
    // Test files run side by side, and roles cannot be altered by two transactions at once.
    await client.query(`select pg_advisory_lock(hashtext('startThrowawayDatabase'))`)
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
