/** Abandoned statements keep no session busy, and count against their user's share until they end. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Client } from 'pg'
import { Cancellation } from '../cancellation'
import { Flight, Flights } from './flight'
import { Pool } from './pool'
import { Pace } from '../execute/statement-cache'
import { startTestProxy, type TestProxy } from '../../test/testing/proxy'

// Runs alone: that nobody waits for statements that were given up is told by time.

const KEY = 'authenticated select 1'
const STEP = { sql: 'select 1', params: [], key: KEY }
const SLOW = 'select n from slow'

let proxy: TestProxy
before(async () => {
  proxy = await startTestProxy()
  await proxy.asOwner('create table slow (n int)')
  await proxy.asOwner('grant select on slow to authenticated')
})
after(() => proxy.stop())

const openPool = (size: number) =>
  new Pool({
    url: proxy.authenticatorUrl,
    statementTimeoutMs: 5_000,
    queueLength: 10,
    size,
    maxMessageBytes: 1_000_000,
  })

/** While the lock is held, every read of the table waits. */
async function whileLocked(
  work: (untilWaiting: (count: number) => Promise<void>) => Promise<void>,
) {
  const owner = new Client({ connectionString: proxy.ownerUrl })
  await owner.connect()
  try {
    await owner.query('begin')
    await owner.query('lock table slow in access exclusive mode')
    await work(async (count) => {
      const waiting = `select from pg_stat_activity where wait_event_type = 'Lock' and query = $1`
      while ((await proxy.asOwner(waiting, [SLOW])).length < count);
    })
  } finally {
    await owner.end()
  }
}

test('a session is free soon after all its requests were abandoned', async () => {
  const env = { PROXY_POOL_SIZE: '1', PROXY_STATEMENT_TIMEOUT_MS: '2000' }
  const narrow = await proxy.another({ env })
  const ask = (query: string, signal?: AbortSignal) =>
    proxy.post({ query }, { sqlUrl: narrow.sqlUrl, ...(signal === undefined ? {} : { signal }) })
  // Each has proven to be quick, so they are pipelined.
  for (const query of ['select 1', SLOW]) {
    for (let i = 0; i < 15; i++) assert.equal((await ask(query)).status, 200)
  }
  await whileLocked(async (untilWaiting) => {
    const leavers = Array.from({ length: 8 }, () => new AbortController())
    const left = leavers.map(({ signal }) => ask(SLOW, signal))
    await untilWaiting(1)
    // The first one stays until its timeout, and blocks the others' flights.
    for (const leaver of leavers.slice(1)) leaver.abort()
    await Promise.allSettled(left)
    const started = performance.now()
    assert.equal((await ask('select 1')).status, 200)
    assert.ok(performance.now() - started < 1_000, 'nobody waits for 7 statements of 2 seconds')
  })
})

test('a user whose reads are pipelined holds no more than their share of sessions', async () => {
  const pool = openPool(2)
  const leading = await pool.acquire(new Cancellation(), 'alice', { isQuick: true })
  await leading.run([STEP])
  await pool.release(leading)
  const again = await pool.acquire(new Cancellation(), 'alice', { isQuick: true })
  assert.equal(pool.follow(KEY, 1, 'mallory'), again)
  assert.equal(pool.follow(KEY, 1, 'mallory'), undefined)
  assert.equal(pool.follow(KEY, 1, 'bob'), again)
  await pool.release(again, true, 'mallory')
  assert.equal(pool.follow(KEY, 1, 'mallory'), again)
  pool.abort()
})

test('a user whose share is free again is served, even while others are still pipelined', async () => {
  const pool = openPool(4)
  const leading = await pool.acquire(new Cancellation(), 'alice', { isQuick: true })
  await leading.run([STEP])
  await pool.acquire(new Cancellation(), 'alice')
  const third = pool.acquire(new Cancellation(), 'alice')
  assert.equal(pool.follow(KEY, 1, 'bob'), leading)
  await pool.release(leading)
  await third
  pool.abort()
})

test('an aborted run counts in the average of its statement', () => {
  const pace = new Pace()
  for (let i = 0; i < 10; i++) pace.record(1)
  const flights = new Flights()
  const turn = { owner: {}, follows: true, onLanded: pace.record }
  const settle = () => undefined
  flights.add(new Flight([], [], turn, settle, settle))
  while (flights.age < 150);
  flights.end(new Error('its client left'))
  assert.equal(pace.isQuick, false)
})
