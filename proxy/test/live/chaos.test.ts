/** Whatever is lost on the way: each client is right again within two seconds, and has missed nothing. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { freePort } from '../postgres/test-server'
import { connect } from '../testing/as-user'
import { openLive, type LiveClient } from '../testing/live-client'
import { NOTES } from '../testing/live-tables'
import { startProgram } from '../testing/program'
import { startTestProxy, type TestProxy } from '../testing/proxy'
import { until } from '../testing/until'

const QUERY = 'select user_id, body from notes order by id'
const RIGHT_WITHIN_MS = 2_000

let proxy: TestProxy
before(async () => {
  proxy = await startTestProxy({ env: { PROXY_LIVE: 'on' } })
  await proxy.asOwner(NOTES)
})
after(() => proxy.stop())
beforeEach(() => proxy.asOwner('truncate notes'))

const write = (user: string, body: string) =>
  proxy.asOwner('insert into notes (user_id, body) values ($1, $2)', [user, body])
const truthFor = (user: string) =>
  proxy.asOwner('select user_id, body from notes where user_id = $1 order by id', [user])

/** Reads until the last answer is the truth. */
async function becomesRight(client: LiveClient, user: string): Promise<void> {
  const truth = JSON.stringify(await truthFor(user))
  await until(async () => JSON.stringify(await client.rows()) === truth)
}

const LISTENERS = `select pid from pg_stat_activity where application_name = 'sql-proxy live' and datname = current_database()`

const TERMINATE = `select pg_terminate_backend(pid) from (${LISTENERS}) as l`

async function untilListening(): Promise<void> {
  await until(async () => (await proxy.asOwner(LISTENERS)).length > 0)
}

test('a terminated listener misses nothing that is written while it is away', async () => {
  const users = ['alice', 'bob', 'carol']
  const clients = await Promise.all(users.map((user) => openLive(proxy, QUERY, { user })))
  for (const client of clients) await client.rows()
  for (let round = 0; round < 5; round++) {
    await proxy.asOwner(TERMINATE)
    // In the gap.
    for (const user of users) await write(user, `${user} ${round}`)
    const started = performance.now()
    await Promise.all(clients.map((client, i) => becomesRight(client, users[i] ?? '')))
    assert.ok(performance.now() - started < RIGHT_WITHIN_MS)
    await untilListening()
  }
  for (const client of clients) client.close()
})

test('a listener that ends while it asks what is watched ends no stream', async () => {
  const client = await openLive(proxy, QUERY)
  await client.rows()
  const owner = await connect(proxy.ownerUrl)
  await owner.query('begin; lock table private.live_keys')
  await proxy.asOwner(TERMINATE)
  const waiting = `select from (${LISTENERS}) as l join pg_locks using (pid) where not granted`
  await until(async () => (await proxy.asOwner(waiting)).length > 0)
  await proxy.asOwner(TERMINATE)
  await owner.end()
  await write('alice', 'after')
  await becomesRight(client, 'alice')
  client.close()
})

test('sessions that Postgres ends, all at once, end no stream', async () => {
  const client = await openLive(proxy, QUERY)
  await client.rows()
  await proxy.asOwner(
    `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'authenticator' and datname = current_database()`,
  )
  await write('alice', 'after')
  const started = performance.now()
  await becomesRight(client, 'alice')
  assert.ok(performance.now() - started < RIGHT_WITHIN_MS)
  client.close()
})

test('after a restart of the proxy, clients come back and get what they have missed, and only that', async () => {
  const env = { ...proxy.variables, PROXY_LIVE: 'on', PROXY_PORT: String(await freePort()) }
  const first = startProgram(env)
  const sqlUrl = `${await first.url()}/sql`
  await write('alice', 'before')
  const missing = await openLive(proxy, QUERY, { sqlUrl })
  const knowing = await openLive(proxy, QUERY, { sqlUrl, user: 'bob' })
  const alices = (await missing.next())?.id ?? ''
  const bobs = (await knowing.next())?.id ?? ''

  first.child.kill('SIGTERM')
  for (const client of [missing, knowing]) {
    const last = await client.next()
    assert.equal(last?.event, 'end')
    assert.match(String(last.data.message), /shutting down/)
    assert.equal(await client.next(), undefined)
  }
  assert.equal(await first.ended, 0)
  await write('alice', 'meanwhile')

  const second = startProgram(env)
  await second.url()
  const [again, same] = await Promise.all([
    openLive(proxy, QUERY, { sqlUrl, headers: { 'last-event-id': alices } }),
    openLive(proxy, QUERY, { sqlUrl, user: 'bob', headers: { 'last-event-id': bobs } }),
  ])
  assert.deepEqual(await again.rows(), await truthFor('alice'))
  await write('bob', 'first')
  assert.deepEqual(await same.rows(), await truthFor('bob'))
  again.close()
  same.close()
  second.child.kill('SIGTERM')
  assert.equal(await second.ended, 0)
})

test('with several processes, a change reaches the clients of each', async () => {
  const program = startProgram({ ...proxy.variables, PROXY_LIVE: 'on', PROXY_WORKERS: '2' })
  const sqlUrl = `${await program.url()}/sql`
  const clients = await Promise.all(
    Array.from({ length: 8 }, () =>
      openLive(proxy, QUERY, { sqlUrl, headers: { connection: 'close' } }),
    ),
  )
  for (const client of clients) await client.rows()
  await write('alice', 'for all')
  for (const client of clients) assert.deepEqual(await client.rows(), await truthFor('alice'))
  for (const client of clients) client.close()
  program.child.kill('SIGTERM')
  assert.equal(await program.ended, 0)
})

test('random writes from many sides end in the truth for each user', async () => {
  const users = ['alice', 'bob', 'carol', 'dave']
  const clients = await Promise.all(users.map((user) => openLive(proxy, QUERY, { user })))
  const last = new Map<string, string>()
  const reading = clients.map(async (client, i) => {
    for (let event = await client.next(); event?.event === 'answer'; event = await client.next()) {
      last.set(users[i] ?? '', JSON.stringify(event.data.rows))
    }
  })
  const pick = () => users[Math.floor(Math.random() * users.length)] ?? 'alice'
  for (let i = 0; i < 300; i++) {
    const kind = Math.floor(Math.random() * 10)
    if (kind < 5) await write(pick(), `note ${i}`)
    else if (kind < 7)
      await proxy.asOwner('update notes set body = $2 where user_id = $1', [pick(), `changed ${i}`])
    else if (kind < 8) await proxy.asOwner('delete from notes where user_id = $1', [pick()])
    else if (kind < 9)
      await proxy.asOwner('update notes set user_id = $2 where user_id = $1', [pick(), pick()])
    else if (i % 40 === 0) await proxy.asOwner(TERMINATE)
    else await proxy.asOwner(`begin; update notes set body = 'undone'; rollback`)
  }
  const started = performance.now()
  for (const user of users) {
    const truth = JSON.stringify(await truthFor(user))
    while (last.get(user) !== truth) {
      assert.ok(
        performance.now() - started < RIGHT_WITHIN_MS,
        `${user}: ${last.get(user)} is not ${truth}`,
      )
      await proxy.asOwner('select 1')
    }
  }
  for (const client of clients) client.close()
  await Promise.all(reading)
})
