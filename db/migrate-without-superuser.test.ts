import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import type { Client } from 'pg'
import { startTestServer, type TestServer } from '../dev/postgres/testing/test-server'
import { migrate } from './migrate'
import { seed } from './seed'
import { connect } from './testing/as-user'
import { ATTACKS } from './testing/attacks'
import { findLeak, type Connections } from './testing/find-leaks'
import { BOB, othersThanAlice } from './testing/people'

/** As on a managed host: an owner who may create roles and databases, and is nothing more. */
let server: TestServer
let ownerUrl: string
let connections: Connections
const notices: string[] = []
const sessionKey = randomBytes(32).toString('base64')

before(async () => {
  server = await startTestServer()
  const superuser = await connect(server.url)
  await superuser.query(`create role landlord login createrole createdb password 'landlord'`)
  await superuser.end()
  const landlord = loginUrl('landlord', 'postgres')
  await use(landlord, (client) => client.query('create database house'))
  ownerUrl = loginUrl('landlord', 'house')
  const proxyDatabaseUrl = loginUrl('authenticator', 'house')
  await migrate({
    databaseUrl: ownerUrl,
    proxyDatabaseUrl,
    sessionKey,
    onNotice: (notice) => notices.push(notice),
  })
  connections = { owner: await connect(ownerUrl), authenticator: await connect(proxyDatabaseUrl) }
})

after(async () => {
  await connections.owner.end()
  await connections.authenticator.end()
  await server.stop()
})

describe('an owner who is not superuser', () => {
  test('is told what was skipped, and what is weaker for it', () => {
    assert(notices.length > 0)
    for (const notice of notices) assert.match(notice, /^Skipped, .+\. Weaker: .+\.$/)
    assert.match(notices.join('\n'), /REVOKE EXECUTE on set_config/)
    assert.equal(new Set(notices).size, notices.length)
  })

  test('still takes from users the right to create anything', async () => {
    const { rows } = await connections.owner.query(
      `select has_database_privilege('authenticated', current_database(), 'temporary') as temporary,
              has_database_privilege('authenticated', current_database(), 'create') as schema,
              has_schema_privilege('authenticated', 'public', 'create') as public`,
    )
    assert.deepEqual(rows, [{ temporary: false, schema: false, public: false }])
  })

  test('can seed, and nobody’s todos are open to anybody else', async () => {
    assert.deepEqual(await seed(ownerUrl, [BOB]), [BOB])
    for (const actor of othersThanAlice(sessionKey)) {
      for (const attack of ATTACKS) {
        const leak = await findLeak(connections, actor, attack)
        assert.equal(leak, null, `${actor.name} can ${attack.name}`)
      }
    }
  })

  test('leaves the rest to a superuser who migrates later', async () => {
    const superuserUrl = new URL(server.url)
    superuserUrl.pathname = 'house'
    const later: string[] = []
    await migrate({ databaseUrl: superuserUrl.href, onNotice: (notice) => later.push(notice) })
    assert.deepEqual(later, [])
    const { rows } = await connections.owner.query(
      `select has_function_privilege('authenticated', 'set_config(text,text,bool)', 'execute') as may`,
    )
    assert.deepEqual(rows, [{ may: false }])
  })

  test('loses nothing by that: it still migrates, sets and sleeps as it likes', async () => {
    await migrate({ databaseUrl: ownerUrl, sessionKey })
    await connections.owner.query(`select set_config('search_path', 'public', false), pg_sleep(0)`)
    await connections.owner.query('do $$ begin null; end $$')
  })
})

function loginUrl(user: string, database: string): string {
  const url = new URL(server.url)
  url.username = user
  url.password = user
  url.pathname = database
  return url.href
}

async function use(url: string, work: (client: Client) => Promise<unknown>) {
  const client = await connect(url)
  await work(client)
  await client.end()
}
