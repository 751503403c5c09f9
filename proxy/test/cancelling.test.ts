/** An abandoned statement costs no session, and its cancellation never hits the next one. */
import assert from 'node:assert/strict'
import { connect, createServer } from 'node:net'
import { after, before, test } from 'node:test'
import { Cancellation } from '../src/cancellation'
import { PostgresConnection } from '../src/postgres/connection'
import { Pool } from '../src/postgres/pool'
import { listenInPlaceOf } from './testing/listen'
import { startTestProxy, type OneProxy, type PostOptions, type TestProxy } from './testing/proxy'
import { until } from './testing/until'

const ENDLESS = 'select count(*) from generate_series(1, 100000000000)'
const CANCEL_REQUEST = 80877102

let proxy: TestProxy
let pair: OneProxy
before(async () => {
  proxy = await startTestProxy()
  await proxy.asOwner(
    `create function nap(seconds float) returns void security definer language sql as 'select pg_sleep(seconds)'`,
  )
  pair = await proxy.another({
    env: { PROXY_POOL_SIZE: '2', PROXY_MAX_ROWS: '1000', PROXY_MAX_ANSWER_BYTES: '100000' },
  })
})
after(() => proxy.stop())

const ask = (query: string, options: PostOptions = {}) =>
  proxy.post({ query }, { sqlUrl: pair.sqlUrl, ...options })

async function backends(): Promise<unknown[]> {
  const sql = `select pid from pg_stat_activity where usename = 'authenticator' order by pid`
  return (await proxy.asOwner(sql)).map(({ pid }) => pid)
}

/** Waits until Postgres runs, or no longer runs, a statement that contains this text. */
function untilRunning(isRunning: boolean, text: string): Promise<void> {
  const sql = `select from pg_stat_activity where state = 'active' and pid <> pg_backend_pid() and query like $1`
  return until(async () => (await proxy.asOwner(sql, [`%${text}%`])).length > 0 === isRunning)
}

/** Opens both sessions of the pair. */
async function warm(): Promise<unknown[]> {
  await until(async () => {
    await Promise.all([ask('select 1'), ask('select 2')])
    return (await backends()).length >= 2
  })
  return backends()
}

test('abandoned statements cost no session', async () => {
  const before = await warm()
  for (let i = 0; i < 10; i++) {
    const gone = new AbortController()
    const left = ask(ENDLESS, { signal: gone.signal })
    await untilRunning(true, ENDLESS)
    gone.abort()
    await assert.rejects(left)
    await untilRunning(false, ENDLESS)
  }
  assert.deepEqual(await backends(), before)
  assert.equal((await ask('select 1')).status, 200)
})

test('an abandoned batch costs no session, and leaves no transaction open', async () => {
  const before = await warm()
  const gone = new AbortController()
  const queries = [{ query: `insert into memos (body) values ('given up')` }, { query: ENDLESS }]
  const left = proxy.post({ queries }, { sqlUrl: pair.sqlUrl, signal: gone.signal })
  await untilRunning(true, ENDLESS)
  gone.abort()
  await assert.rejects(left)
  await untilRunning(false, ENDLESS)
  for (let i = 0; i < 4; i++) assert.equal((await ask('select 1')).status, 200)
  const open = `select from pg_stat_activity where usename = 'authenticator' and state like 'idle in%'`
  assert.deepEqual(await proxy.asOwner(open), [])
  assert.deepEqual(await backends(), before)
  assert.deepEqual(await proxy.asOwner(`select from memos where body = 'given up'`), [])
})

for (const [name, query] of [
  ['rows', 'select * from generate_series(1, 5000)'],
  ['bytes', `select '${'x'.repeat(1000)}' from generate_series(1, 500)`],
  ['one value', `select string_agg('0123456789', '') from generate_series(1, 500000)`],
] as const) {
  test(`an answer that is too large costs no session (${name})`, async () => {
    const before = await warm()
    for (let i = 0; i < 5; i++) {
      const told = await ask(query)
      assert.equal(told.status, 507, told.text)
      assert.equal((await ask('select 1')).status, 200)
    }
    assert.deepEqual(await backends(), before)
  })
}

test('a cancellation that races with the end of its statement never hits the next one', async () => {
  const connection = await PostgresConnection.open(
    { url: proxy.authenticatorUrl, statementTimeoutMs: 10_000 },
    1_000_000,
  )
  const short = { sql: 'select count(*) from generate_series(1, 20000)', params: [] }
  let cancelled = 0
  for (let i = 0; i < 200; i++) {
    const flight = connection.run([short]).catch(() => undefined)
    // Spread over the duration of a statement and a cancellation.
    const started = performance.now()
    while (performance.now() - started < (i % 20) / 4)
      await new Promise((resolve) => setImmediate(resolve))
    if (connection.depth > 0) cancelled++
    connection.stop()
    await flight
    await connection.settled()
    // Two at once, so that one is running whenever a late signal arrives.
    await connection.run([short, short])
  }
  assert.ok(cancelled > 20, `${cancelled} cancelled`)
  await connection.close()
})

/** A relay in front of Postgres; the test decides what it does with cancel requests. */
async function startNetwork(onCancel: (pass: () => void, drop: () => void) => void) {
  const real = new URL(proxy.authenticatorUrl)
  let opened = 0
  const server = createServer((client) => {
    const postgres = connect(Number(real.port), real.hostname)
    const end = () => {
      client.destroy()
      postgres.destroy()
    }
    for (const socket of [client, postgres]) socket.on('error', end).on('close', end)
    const drop = () => {
      client.resetAndDestroy()
    }
    client.once('data', (chunk) => {
      const pass = () => {
        postgres.write(chunk)
        client.pipe(postgres)
      }
      if (chunk.length === 16 && chunk.readInt32BE(4) === CANCEL_REQUEST) onCancel(pass, drop)
      else {
        opened++
        pass()
      }
    })
    postgres.pipe(client)
  })
  const url = await listenInPlaceOf(real.href, server)
  const one = await proxy.another({
    env: { PROXY_DATABASE_URL: url, PROXY_POOL_SIZE: '1', PROXY_FUNCTIONS: 'public.nap' },
  })
  return {
    one,
    opened: () => opened,
    close: async () => {
      await one.close()
      server.close()
    },
  }
}

test('a session with a pending cancellation serves no request until it has arrived', async () => {
  const sent: (() => void)[] = []
  const network = await startNetwork((pass) => sent.push(pass))
  const { sqlUrl } = network.one
  const gone = new AbortController()
  const left = ask('select public.nap(0.5)', { sqlUrl, signal: gone.signal })
  await untilRunning(true, 'nap(0.5)')
  gone.abort()
  await assert.rejects(left)
  // It ends by itself while the cancellation is delayed.
  await until(async () => {
    await ask('select 1')
    return sent.length > 0
  })
  await untilRunning(false, 'nap(0.5)')
  const next = ask('select public.nap(0.3)', { sqlUrl })
  await new Promise((resolve) => setTimeout(resolve, 100))
  for (const pass of sent) pass()
  assert.equal((await next).status, 200)
  assert.equal(network.opened(), 1)
  await network.close()
})

test('a session whose cancellation was lost is closed and never reused', async () => {
  const network = await startNetwork((_pass, drop) => {
    drop()
  })
  const { sqlUrl } = network.one
  const gone = new AbortController()
  const left = ask('select public.nap(0.5)', { sqlUrl, signal: gone.signal })
  await untilRunning(true, 'nap(0.5)')
  gone.abort()
  await assert.rejects(left)
  assert.equal((await ask('select 1', { sqlUrl })).status, 200)
  assert.equal(network.opened(), 2)
  await network.close()
})

test('the pool counts a session until Postgres has closed it', async () => {
  const pool = new Pool({
    url: proxy.authenticatorUrl,
    statementTimeoutMs: 5_000,
    queueLength: 10,
    size: 1,
    maxMessageBytes: 1_000_000,
  })
  const first = await pool.acquire(new Cancellation(), 'alice')
  const closed = first.close()
  const second = pool.acquire(new Cancellation(), 'alice')
  const [winner] = await Promise.race([
    closed.then(() => ['closed']),
    second.then(() => ['second']),
  ])
  assert.equal(winner, 'closed')
  await pool.release(first)
  await pool.release(await second)
  pool.abort()
})
