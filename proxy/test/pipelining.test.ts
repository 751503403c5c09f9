import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestProxy, type OneProxy, type Posted, type TestProxy } from './testing/proxy'
import { startRelay, type Relay } from './testing/relay'

const USERS = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank']
/** A query whose rows contain their user. */
const OWN = { query: 'select user_id, body from memos order by body' }
/** More runs than a statement needs to count as quick. */
const PROOF = 15

let proxy: TestProxy
let relay: Relay
/** With one session, all concurrent requests share it. */
let narrow: OneProxy
/** With two sessions, one can be stalled. */
let pair: OneProxy
const tokens = new Map<string, string>()

before(async () => {
  proxy = await startTestProxy()
  relay = await startRelay(proxy.authenticatorUrl)
  const env = { PROXY_DATABASE_URL: relay.url, PROXY_MAX_IN_FLIGHT_PER_USER: '100' }
  narrow = await proxy.another({ env: { ...env, PROXY_POOL_SIZE: '1' } })
  pair = await proxy.another({ env: { ...env, PROXY_POOL_SIZE: '2' } })
  for (const user of USERS) {
    tokens.set(user, await proxy.issuer.token(user))
    for (let i = 0; i < 3; i++) {
      await proxy.asOwner('insert into memos (user_id, body) values ($1, $2)', [
        user,
        `${user} ${i}`,
      ])
    }
  }
})
after(async () => {
  await proxy.stop()
  await relay.close()
})

const ask = (
  at: OneProxy,
  user: string,
  body: { query: string; params?: unknown[] },
  signal?: AbortSignal,
) =>
  proxy.post(body, {
    sqlUrl: at.sqlUrl,
    token: tokens.get(user) ?? null,
    ...(signal === undefined ? {} : { signal }),
  })

async function prove(at: OneProxy, body: { query: string; params?: unknown[] }): Promise<void> {
  for (let i = 0; i < PROOF; i++) assert.equal((await ask(at, 'alice', body)).status, 200)
}

function assertOwn(user: string, { status, json }: Posted): void {
  assert.equal(status, 200)
  const rows = json.rows as { user_id: string; body: string }[]
  assert.deepEqual(
    rows,
    [0, 1, 2].map((i) => ({ user_id: user, body: `${user} ${i}` })),
  )
}

/** Flights that were sent before Postgres had answered the first one. */
const together = () => relay.takeFlights().filter((flight) => flight.split('S').length > 2)

test('quick reads of several users are pipelined, and each user gets their own rows', async () => {
  const flights: string[] = []
  const started = performance.now()
  for (let round = 0; round < 20 || flights.length === 0; round++) {
    // On a busy machine they may be slow, and then they are sent one by one.
    assert.ok(performance.now() - started < 60_000, 'none went out together')
    if (flights.length === 0) await prove(narrow, OWN)
    relay.takeFlights()
    const answers = await Promise.all(USERS.map((user) => ask(narrow, user, OWN)))
    for (const [i, user] of USERS.entries()) {
      const answer = answers[i]
      assert.ok(answer)
      assertOwn(user, answer)
    }
    flights.push(...together())
  }
  // Each with its own identity (BE), a schema check, and a Sync.
  for (const flight of flights) assert.match(flight, /^(BEBEBES)+$/)
})

test('an error ends only its own request', async () => {
  const divide = (by: number) => ({ query: 'select 1 / $1::int as n', params: [String(by)] })
  await prove(narrow, divide(1))
  for (let round = 0; round < 20; round++) {
    const answers = await Promise.all(
      USERS.map((user, i) => ask(narrow, user, i % 2 === 0 ? divide(1) : divide(0))),
    )
    for (const [i, { status, json }] of answers.entries()) {
      assert.equal(status, i % 2 === 0 ? 200 : 400)
      if (status === 400) assert.equal(json.code, '22012')
    }
  }
})

test('a write is sent alone, and nothing is pipelined behind it', async () => {
  // Too long to stay prepared, so that its messages (P, D) differ from a read's.
  const query = `update memos set is_archived = true returning user_id /*${'x'.repeat(17_000)}*/`
  await prove(narrow, OWN)
  await prove(narrow, { query })
  relay.takeFlights()
  for (let round = 0; round < 10; round++) {
    await Promise.all(USERS.map((user, i) => ask(narrow, user, i % 2 === 0 ? { query } : OWN)))
  }
  const writes = relay.takeFlights().filter((flight) => flight.includes('P'))
  assert.deepEqual(new Set(writes), new Set(['BEBEPBDES']))
  assert.equal(writes.length, 30)
})

test('a quick statement that turns slow does not stall others', async () => {
  const count = (to: number) => ({
    query:
      'select count(*)::int as n from generate_series(1, $1::int) as a(n), generate_series(1, 1000) as b(n)',
    params: [String(to)],
  })
  await prove(pair, count(1))
  await prove(pair, OWN)
  const others = USERS.filter((user) => user !== 'bob')
  const gone = new AbortController()
  const slow = ask(pair, 'bob', count(1_000_000), gone.signal)
  const settled: string[] = []
  const bob = slow.then(
    () => settled.push('bob'),
    () => settled.push('bob'),
  )
  // Many more than needed for one of them to be pipelined behind the slow one.
  for (let round = 0; round < 30; round++) {
    await Promise.all(
      others.map(async (user) => {
        assertOwn(user, await ask(pair, user, OWN))
      }),
    )
  }
  assert.deepEqual(settled, [])
  gone.abort()
  await bob
})

test('a client that disconnects affects no other’s answer', async () => {
  await prove(narrow, OWN)
  for (let round = 0; round < 20; round++) {
    const gone = new AbortController()
    const leaving = ask(narrow, 'frank', OWN, gone.signal).catch(() => undefined)
    const staying = USERS.slice(0, 5).map(async (user) => {
      assertOwn(user, await ask(narrow, user, OWN))
    })
    gone.abort()
    await Promise.all([...staying, leaving])
  }
})

test('when their session ends, quick reads are answered on another', async () => {
  await prove(pair, OWN)
  for (let round = 0; round < 5; round++) {
    const asked = Array.from({ length: 5 }, () => USERS.map((user) => ask(pair, user, OWN))).flat()
    await proxy.asOwner(
      `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'authenticator'`,
    )
    for (const { status, json } of await Promise.all(asked)) {
      // The statement that was running may fail; those behind it must not notice.
      if (status !== 200) assert.match(String(json.message), /terminating|connection closed/)
    }
    for (const user of USERS) assertOwn(user, await ask(pair, user, OWN))
  }
})

test('under a storm of reads, writes, errors and disconnects, each user sees only their own rows', async () => {
  const queries = [
    OWN,
    { query: 'select user_id, body from memos where body like $1', params: ['%'] },
    { query: 'update memos set is_archived = true returning user_id, body' },
    { query: 'select user_id, body, 1 / (is_archived::int - 1) from memos' },
    { query: 'select user_id, body from memos where id = $1', params: ['no uuid'] },
  ]
  await prove(pair, OWN)
  let answered = 0
  for (let round = 0; round < 60; round++) {
    const asked = USERS.flatMap((user) =>
      queries.map(async (query, i) => {
        const gone = new AbortController()
        const answer = ask(pair, user, query, gone.signal)
        if ((round + i) % 7 === 0) gone.abort()
        const { json } = await answer
        const rows = json.rows as { user_id: string }[] | undefined
        for (const row of rows ?? []) assert.equal(row.user_id, user)
        if (rows !== undefined) answered++
      }),
    )
    for (const outcome of await Promise.allSettled(asked)) {
      if (outcome.status === 'rejected') assert.match(String(outcome.reason), /abort/i)
    }
  }
  assert.ok(answered > 500, `${answered} answered`)
})
