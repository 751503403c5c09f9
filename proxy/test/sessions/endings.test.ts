/** What ends a session, and what a session may take from others: each with its own error. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, describe, test } from 'node:test'
import type { Client } from '@neondatabase/serverless'
import { int32, message, text } from '../../src/session/to-client'
import { nowSeconds } from '../testing/issuer'
import { startTestProxy, type OneProxy, type TestProxy } from '../testing/proxy'
import { column, sessionsOf, type Sessions } from '../testing/sessions'
import { until } from '../testing/until'
import {
  errorOf,
  logIn,
  openWebSocket,
  packet,
  shown,
  simple,
  startup,
  type Wire,
  type WireMessage,
} from '../testing/wire'

let proxy: TestProxy
let sessions: Sessions
let folder: string
let database: string
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sessions-'))
  proxy = await startTestProxy({ env: { PROXY_WEBSOCKET: 'on' } })
  sessions = sessionsOf(proxy)
  database = new URL(proxy.ownerUrl).pathname.slice(1)
})
afterEach(() => sessions.closeAll())
after(async () => {
  await proxy.stop()
  rmSync(folder, { recursive: true })
})

const another = (env: Record<string, string>): Promise<OneProxy> =>
  proxy.another({ env: { PROXY_WEBSOCKET: 'on', ...env } })

/** The error with which a session ends. */
async function endOf(client: Client): Promise<{ code?: string; message: string }> {
  const [error] = (await once(client, 'error', { signal: AbortSignal.timeout(60_000) })) as [Error]
  return error
}

/** Gives a session a token that ends soon, however long it took to come so far. @returns its `exp` */
async function shorten(client: Client): Promise<number> {
  const exp = nowSeconds() - 30 + 3
  await client.query(`set auth.token = '${await proxy.issuer.token('alice', { exp })}'`)
  return exp
}

const SLOW = `select count(*) from generate_series(1, 100000) a(n), generate_series(1, 100000) b(m) where n + m = 0`

describe('a session belongs to its token', () => {
  test('it ends with the token, idle or in a transaction, which is rolled back', async () => {
    const [idle, busy] = [await sessions.as('alice'), await sessions.as('alice')]
    await busy.query('begin')
    await busy.query(`insert into memos (body) values ('lost')`)
    const ending = [idle, busy].map(endOf)
    for (const client of [idle, busy]) await shorten(client)
    const ends = await Promise.all(ending)
    for (const { code, message: what } of ends) {
      assert.equal(code, '57P01')
      assert.match(what, /JWT token has expired/)
    }
    assert.deepEqual(await proxy.asOwner('select * from memos'), [])
  })

  test('SET auth.token renews it, for the same user only, and Postgres never sees it', async () => {
    const alice = await sessions.as('alice')
    const fresh = await proxy.issuer.token('alice')
    await assert.rejects(alice.query(`set auth.token = '${await proxy.issuer.token('bob')}'`), {
      code: '28000',
      message: /same user/,
    })
    await assert.rejects(alice.query(`set auth.token = 'nonsense'`), { code: '28000' })
    await alice.query('begin')
    await alice.query(`insert into memos (body) values ('kept')`)
    const exp = await shorten(alice)
    assert.equal((await alice.query(`set auth.token = '${fresh}'`)).command, 'SET')
    await until(async () => {
      await column(alice, 'select 1')
      return nowSeconds() >= exp + 31
    })
    await alice.query('commit')
    assert.deepEqual(await column(alice, 'select auth.user_id()'), ['alice'])
    const seen = await proxy.asOwner(
      `select query from pg_stat_activity where query like '%${fresh}%' and pid <> pg_backend_pid()`,
    )
    assert.deepEqual(seen, [])
    await proxy.asOwner('delete from memos')
  })

  test('a revoked token ends its sessions at once, and no other', async () => {
    const file = join(folder, 'revoked')
    writeFileSync(file, '')
    const { url } = await another({ PROXY_REVOKED: file })
    const [alice, bob] = [await sessions.as('alice', { url }), await sessions.as('bob', { url })]
    const idle = await sessions.as('alice', { url })
    for (const client of [alice, bob, idle]) await client.query('select 1')
    const end = endOf(idle)
    const running = assert.rejects(alice.query(SLOW), { code: '57P01', message: /revoked/ })
    writeFileSync(file, 'sub:alice\n')
    assert.equal((await end).code, '57P01')
    await running
    assert.deepEqual(await column(bob, 'select auth.user_id()'), ['bob'])
    await assert.rejects(loggedIn(url), /E:28000/)
  })
})

describe('a client that waits', () => {
  test('in a transaction: 57P05, and the transaction is rolled back', async () => {
    const { url } = await another({ PROXY_IDLE_IN_TRANSACTION_MS: '200' })
    const alice = await sessions.as('alice', { url })
    await alice.query('begin')
    await alice.query(`insert into memos (body) values ('lost')`)
    const { code, message: what } = await endOf(alice)
    assert.deepEqual(
      [code, what],
      ['57P05', 'terminating connection due to idle-in-transaction timeout'],
    )
    assert.deepEqual(await proxy.asOwner('select * from memos'), [])
  })

  test('in a pipeline without a Sync: 57P05', async () => {
    const { url } = await another({ PROXY_IDLE_IN_TRANSACTION_MS: '200' })
    const wire = await loggedIn(url)
    wire.send(message('P', text(''), text('select 1'), Buffer.alloc(2)), message('H'))
    assert.deepEqual(shown(await wire.rest()), ['1', 'E:57P05'])
  })

  test('without one: 57P05 after PROXY_SESSION_IDLE_MS', async () => {
    const { url } = await another({ PROXY_SESSION_IDLE_MS: '200' })
    const alice = await sessions.as('alice', { url })
    await alice.query('begin')
    const { code, message: what } = await endOf(alice)
    assert.deepEqual([code, what], ['57P05', 'terminating connection due to idle-session timeout'])
  })

  test('a transaction may not last for ever: 25P04', async () => {
    const { url } = await another({ PROXY_TRANSACTION_TIMEOUT_MS: '300' })
    const wire = await loggedIn(url)
    const goOn = async () => {
      for (let sql = 'begin'; ; sql = 'select 1') {
        wire.send(simple(sql))
        await wire.until('Z')
      }
    }
    await assert.rejects(goOn(), /E:25P04/)
  })
})

describe('cancelling', () => {
  const keyOf = (messages: WireMessage[]) => {
    const key = messages.find(({ type }) => type === 'K')?.body
    assert.ok(key)
    return { processId: key.readInt32BE(0), secretKey: key.subarray(4) }
  }
  const cancel = async (processId: number, secretKey: Buffer) => {
    const wire = await openWebSocket(proxy.url)
    wire.send(packet(80877102, int32(processId), secretKey))
    assert.deepEqual(await wire.rest(), [])
  }

  for (const minor of [0, 2]) {
    test(`a CancelRequest with the session's key cancels its statement (3.${minor})`, async () => {
      const wire = await openWebSocket(proxy.url)
      const password = await proxy.issuer.token('alice')
      const { processId, secretKey } = keyOf(await logIn(wire, { password, database, minor }))
      wire.send(simple('begin'), simple(SLOW))
      await wire.until('Z')
      await until(isRunning)
      const wrong = Buffer.from(secretKey)
      wrong[0] = (wrong[0] ?? 0) ^ 1
      for (const key of [wrong, secretKey.subarray(1), Buffer.alloc(0)])
        await cancel(processId, key)
      await cancel(processId ^ 1, secretKey)
      assert.equal(await isRunning(), true)
      await cancel(processId, secretKey)
      assert.deepEqual(shown(await wire.until('Z')).slice(-2), ['E:57014', 'Z:E'])
      wire.send(simple('rollback'), simple('select 1'))
      await wire.until('Z')
      assert.deepEqual(shown(await wire.until('Z')), ['T', 'D:1', 'C:SELECT 1', 'Z:I'])
      // With nothing to cancel, nothing happens.
      await cancel(processId, secretKey)
      wire.send(simple('select 1'))
      assert.deepEqual(shown(await wire.until('Z')), ['T', 'D:1', 'C:SELECT 1', 'Z:I'])
      wire.close()
    })
  }

  test('a client that leaves has its statement cancelled', async () => {
    const wire = await loggedIn(proxy.url)
    wire.send(simple(SLOW))
    await until(isRunning)
    wire.close()
    await until(async () => !(await isRunning()))
  })
})

async function isRunning(): Promise<boolean> {
  const rows = await proxy.asOwner(
    `select 1 from pg_stat_activity where state = 'active' and query like '%from generate_series%' and pid <> pg_backend_pid() and datname = current_database()`,
  )
  return rows.length > 0
}

async function loggedIn(url: string, user = 'alice'): Promise<Wire> {
  const wire = await openWebSocket(url)
  await logIn(wire, { password: await proxy.issuer.token(user), database })
  return wire
}

describe('what one user may take', () => {
  test('sessions: 53300, for that user only', async () => {
    const { url } = await another({ PROXY_MAX_SESSIONS_PER_USER: '2' })
    // The driver sends its first query with the password, and does not wait for the login before.
    const open = async (user: string) => {
      const client = await sessions.as(user, { url })
      await client.query('select 1')
      return client
    }
    const [first] = [await open('alice'), await open('alice')]
    const third = await openWebSocket(url)
    const password = message('p', text(await proxy.issuer.token('alice')))
    third.send(startup({ user: 'authenticated', database }), password)
    const error = (await third.rest()).find(({ type }) => type === 'E')
    assert.equal(errorOf(error?.body ?? Buffer.alloc(0)).C, '53300')
    await open('bob')
    await first.end()
    await open('alice')
  })

  test('open transactions: half of the pool, others are served', async () => {
    const { url, sqlUrl } = await another({
      PROXY_POOL_SIZE: '4',
      PROXY_IDLE_IN_TRANSACTION_MS: '5000',
    })
    const open = await Promise.all([1, 2, 3].map(() => sessions.as('alice', { url })))
    for (const client of open.slice(0, 2)) {
      await client.query('begin')
      await client.query('select 1')
    }
    const waiting = open[2]?.query('select 1')
    const token = await proxy.issuer.token('bob')
    assert.equal((await proxy.post({ query: 'select 1' }, { sqlUrl, token })).status, 200)
    await open[0]?.query('commit')
    await waiting
  })

  test('requests in a second: an error, and the session goes on', async () => {
    const { url } = await another({ PROXY_RATE_LIMIT: '5', PROXY_RATE_LIMIT_PER_ADDRESS: '0' })
    const alice = await sessions.as('alice', { url })
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => alice.query('select 1')),
    )
    const codes = results.map((one) =>
      one.status === 'rejected' ? (one.reason as { code: string }).code : 'ok',
    )
    assert.deepEqual([...new Set(codes)].sort(), ['53400', 'ok'])
  })

  test('processor time: a statement beyond the budget is ended, and the session goes on', async () => {
    const { url } = await another({ PROXY_USER_CPU_MS: '20' })
    const alice = await sessions.as('alice', { url })
    await assert.rejects(alice.query(SLOW), { code: '57014', message: /CPU budget/ })
    await assert.rejects(alice.query('select 1'), { code: '53400' })
    const bob = await sessions.as('bob', { url })
    assert.deepEqual(await column(bob, 'select auth.user_id()'), ['bob'])
  })

  test('a client that does not read holds neither memory nor a session for long', async () => {
    const { url, sqlUrl } = await another({
      // Long enough for a busy machine to see the statement before it is ended.
      PROXY_STATEMENT_TIMEOUT_MS: '4000',
      PROXY_POOL_SIZE: '2',
    })
    const wire = await loggedIn(url)
    wire.stream.pause()
    wire.send(simple(`select '${'x'.repeat(900)}' from generate_series(1, 10000000)`))
    const before = process.memoryUsage().rss
    await until(isRunning)
    await until(async () => !(await isRunning()))
    assert.ok(process.memoryUsage().rss - before < 200_000_000)
    const answers = await Promise.all(
      [1, 2].map(() => proxy.post({ query: 'select 1' }, { sqlUrl })),
    )
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200],
    )
    wire.close()
  })

  test('patterns that search large values are measured, in text and binary', async () => {
    const alice = await sessions.as('alice')
    const sql = 'select $2::text like $1'
    await alice.query(sql, ['%a%', 'b'])
    await assert.rejects(alice.query(sql, ['%'.repeat(300), 'b']), { code: '54000' })
    await assert.rejects(alice.query(sql, [Buffer.from('%'.repeat(300)), 'b']), { code: '54000' })
  })
})

test('a proxy that stops lets transactions finish, and ends the sessions without one', async () => {
  const stopping = await another({ PROXY_SHUTDOWN_GRACE_MS: '5000' })
  const [idle, busy] = [
    await sessions.as('alice', { url: stopping.url }),
    await sessions.as('bob', { url: stopping.url }),
  ]
  await idle.query('select 1')
  await busy.query('begin')
  await busy.query(`insert into memos (body) values ('kept')`)
  const end = endOf(idle)
  const closed = stopping.close()
  assert.equal((await end).code, '57P01')
  await busy.query('commit')
  await closed
  assert.equal((await proxy.asOwner('select * from memos')).length, 1)
  await proxy.asOwner('delete from memos')
})

test('each answer is a line in the log, without SQL or values', async () => {
  const { url, log } = await another({})
  const alice = await sessions.as('alice', { url })
  await alice.query(`select 'secret' union select 'second'`)
  await alice.query(`select 'secret' / 0`).catch(() => undefined)
  await alice.end()
  const lines = log.filter(({ role }) => role === 'authenticated')
  assert.deepEqual(
    lines.map(({ status, rows, code }) => [status, rows, code]),
    [
      [200, 2, undefined],
      [400, null, 'postgres_error'],
    ],
  )
  assert.ok(!JSON.stringify(log).includes('secret'))
})
