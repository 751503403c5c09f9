/** Who a session may be, and what an allow-list leaves of its statements. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startTestProxy, type TestProxy } from '../testing/proxy'
import { logIn, openWebSocket, shown, simple, type LoginOptions, type Wire } from '../testing/wire'

let proxy: TestProxy
let database: string
let folder: string
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sessions-'))
  proxy = await startTestProxy({ env: { PROXY_WEBSOCKET: 'on' } })
  database = new URL(proxy.ownerUrl).pathname.slice(1)
})
after(async () => {
  await proxy.stop()
  rmSync(folder, { recursive: true })
})

async function open(url: string, options: Partial<LoginOptions> = {}): Promise<Wire> {
  const wire = await openWebSocket(url)
  const password = await proxy.issuer.token('alice')
  await logIn(wire, { password, database, ...options })
  return wire
}

async function ask(wire: Wire, sql: string): Promise<string[]> {
  wire.send(simple(sql))
  return shown(await wire.until('Z'))
}

test('without a token, a session is anonymous where that is allowed, and refused elsewhere', async () => {
  const options = { user: 'anonymous', password: '' }
  await assert.rejects(open(proxy.url, options), /E:28000/)
  const { url } = await proxy.another({ env: { PROXY_WEBSOCKET: 'on', PROXY_ANONYMOUS: 'on' } })
  const wire = await open(url, options)
  assert.deepEqual(await ask(wire, `select coalesce(auth.user_id(), 'nobody'), current_user`), [
    ...['T', 'D:nobody,anonymous', 'C:SELECT 1', 'Z:I'],
  ])
  assert.deepEqual(await ask(wire, 'select * from memos'), ['E:42501', 'Z:I'])
  wire.close()
  await assert.rejects(open(url, { user: 'anonymous', password: 'secret' }), /E:28000/)
})

test('under an allow-list, nothing else runs, also in a transaction and by a cursor', async () => {
  const list = join(folder, 'allowlist')
  writeFileSync(list, 'select body from memos where id = $1\nselect 1\n')
  const { url } = await proxy.another({ env: { PROXY_WEBSOCKET: 'on', PROXY_ALLOWLIST: list } })
  const wire = await open(url)
  assert.deepEqual(await ask(wire, 'begin'), ['C:BEGIN', 'Z:T'])
  assert.deepEqual(await ask(wire, 'select 1'), ['T', 'D:1', 'C:SELECT 1', 'Z:T'])
  assert.deepEqual(await ask(wire, 'commit'), ['C:COMMIT', 'Z:I'])
  for (const sql of [
    'select 2',
    'select 1; select 2',
    'declare c cursor for select 2',
    'select relname from pg_catalog.pg_class',
  ]) {
    assert.deepEqual((await ask(wire, sql)).slice(-2), ['E:42501', 'Z:I'], sql)
  }
  wire.close()
})
