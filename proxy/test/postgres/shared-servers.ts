/**
 * Servers that test files use one after another, so that not each of them sets up a server of its own.
 *
 * `npm test` starts them and names them in TEST_SERVERS. A file has a server to itself as long as it
 * runs: what belongs to a whole server, such as roles and the list of sessions, is never another
 * file's. It must leave the server as it was.
 */
import assert from 'node:assert/strict'
import { Client, DatabaseError } from 'pg'
import { startTestServer, type TestServer } from './test-server'

/** Databases of tests are copies of it. */
export const TEMPLATE = 'migrated'

const LOCK_NOT_AVAILABLE = '55P03'

export type SharedServers = { variables: { TEST_SERVERS: string }; stop: () => Promise<void> }

/** @param migrate fills the template's database */
export async function startSharedServers(
  count: number,
  migrate: (databaseUrl: string) => Promise<void>,
): Promise<SharedServers> {
  const started = await Promise.allSettled(
    Array.from({ length: count }, () => startShared(migrate)),
  )
  const servers = started.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []))
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()))
  }
  const failure = started.find((start) => start.status === 'rejected')
  if (failure) {
    await stop()
    throw failure.reason
  }
  return { variables: { TEST_SERVERS: servers.map(({ url }) => url).join(' ') }, stop }
}

async function startShared(migrate: (databaseUrl: string) => Promise<void>): Promise<TestServer> {
  const server = await startTestServer()
  try {
    const client = await connect(server.url)
    await client.query('create table lent ()')
    await client.query(`create database ${TEMPLATE}`)
    await client.end()
    const template = new URL(server.url)
    template.pathname = `/${TEMPLATE}`
    await migrate(template.href)
    return server
  } catch (error) {
    await server.stop()
    throw error
  }
}

/** @returns a shared server that no other file uses; `null` when there is none. */
export async function borrowServer(): Promise<TestServer | null> {
  for (const url of process.env.TEST_SERVERS?.split(' ') ?? []) {
    const client = await connect(url)
    if (await isLent(client)) {
      const before = await stateOf(client)
      return { url, stop: () => giveBack(client, before) }
    }
    await client.end()
  }
  return null
}

/** Postgres releases the lock when the connection ends, however it ends. No advisory lock: tests count those. */
async function isLent(client: Client): Promise<boolean> {
  try {
    await client.query('begin')
    await client.query('lock table lent in share row exclusive mode nowait')
    return true
  } catch (error) {
    if (error instanceof DatabaseError && error.code === LOCK_NOT_AVAILABLE) return false
    throw error
  }
}

/** @throws when the file has changed what the next one would find. */
async function giveBack(client: Client, before: readonly string[]): Promise<void> {
  const after = await stateOf(client)
  await client.end()
  const changes = [
    ...after.filter((line) => !before.includes(line)),
    ...before.filter((line) => !after.includes(line)).map((line) => `no more: ${line}`),
  ]
  assert.equal(changes.join('\n'), '', 'a test file must leave a shared server as it was')
}

/** All that outlasts a database and its sessions, and that tests could change. */
async function stateOf(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(`
    select 'role ' || row_to_json(r) as line from pg_roles r
    union all select 'member ' || row_to_json(m) from pg_auth_members m
    union all select 'setting ' || row_to_json(s) from pg_db_role_setting s
    union all select 'database ' || datname from pg_database
    union all select 'configuration ' || name || ' = ' || setting from pg_file_settings`)
  return rows.map(({ line }) => line)
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  // A server that a test has stopped is not lent again: the next one cannot connect, and says so.
  client.on('error', () => undefined)
  await client.connect()
  return client
}
