/** A locked table blocks the statements that need it, and no others. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Client } from 'pg'
import { startTestProxy, type OneProxy, type Posted, type TestProxy } from './testing/proxy'
import { until } from './testing/until'

const LOCK_TIMEOUT_MS = 3_000
const POOL_SIZE = 20

let proxy: TestProxy
let one: OneProxy
before(async () => {
  proxy = await startTestProxy()
  await proxy.asOwner(`alter role authenticator set lock_timeout = '${LOCK_TIMEOUT_MS}ms'`)
  one = await proxy.another({ env: { PROXY_POOL_SIZE: String(POOL_SIZE) } })
})
after(async () => {
  await proxy.asOwner(`alter role authenticator set lock_timeout = '5s'`)
  await proxy.stop()
})

const as = async (user: string, body: unknown) =>
  proxy.post(body, { sqlUrl: one.sqlUrl, token: await proxy.issuer.token(user) })

/** @param alias makes them new statements without known times */
const statementsOn = (alias: string) => [
  { query: `insert into memos as ${alias} (body) values ($1)`, params: ['locked'] },
  { query: `select count(*) from memos ${alias}`, params: [] },
  { query: `update memos ${alias} set is_archived = true`, params: [] },
  { query: `delete from public.memos ${alias} where false`, params: [] },
]

async function whileLocked(work: () => Promise<void>): Promise<void> {
  const owner = new Client({ connectionString: proxy.ownerUrl })
  await owner.connect()
  try {
    await owner.query('begin')
    await owner.query('lock table memos in access exclusive mode')
    await work()
  } finally {
    await owner.end()
  }
}

async function waiting(): Promise<number> {
  const sql = `select from pg_stat_activity where usename = 'authenticator' and wait_event_type = 'Lock'`
  return (await proxy.asOwner(sql)).length
}

for (const [name, runsBefore, held] of [
  ['that nobody has run before', 0, POOL_SIZE / 2],
  ['that have always been quick', 20, POOL_SIZE - POOL_SIZE / 4],
] as const) {
  test(`others are served while statements ${name} wait for a lock`, async () => {
    const statements = statementsOn(`t${runsBefore}`)
    for (let i = 0; i < runsBefore; i++) {
      for (const statement of statements) assert.equal((await as('alice', statement)).status, 200)
    }
    const sent: Promise<Posted>[] = []
    await whileLocked(async () => {
      for (let i = 0; i < 2 * POOL_SIZE; i++)
        sent.push(as(`user ${i}`, statements[i % statements.length]))
      await until(async () => (await waiting()) >= held)
      const started = performance.now()
      for (let i = 0; i < 5; i++) {
        const { status } = await as(`other ${i}`, { query: `select ${i} + ${runsBefore}` })
        assert.equal(status, 200)
        assert.equal((await fetch(`${one.url}/readyz`)).status, 200)
      }
      assert.ok(performance.now() - started < LOCK_TIMEOUT_MS, 'nobody waited for the lock')
      assert.equal(await waiting(), held)
      // The role's lock_timeout ends them, not the request's deadline.
      const first = await Promise.race(sent)
      assert.deepEqual([first.status, first.json.code], [400, '55P03'])
    })
    await Promise.all(sent)
  })
}

test('readiness has a session even when users hold all of theirs', async () => {
  const users = Array.from({ length: POOL_SIZE }, (_, i) => i)
  for (const i of users) await proxy.asOwner(`create table locked_${i} (n int)`)
  for (const i of users) await proxy.asOwner(`grant select on locked_${i} to authenticated`)
  const owner = new Client({ connectionString: proxy.ownerUrl })
  await owner.connect()
  await owner.query('begin')
  for (const i of users) await owner.query(`lock table locked_${i}`)
  const read = (i: number) => as(`user ${i}`, { query: `select n from locked_${i}` })
  const unproven = users.slice(0, 15).map(read)
  await until(async () => (await waiting()) >= 15)
  const started = performance.now()
  assert.equal((await fetch(`${one.url}/readyz`)).status, 200)
  assert.ok(performance.now() - started < LOCK_TIMEOUT_MS)
  await owner.end()
  await Promise.all(unproven)
})
