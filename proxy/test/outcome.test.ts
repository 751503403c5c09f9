/** A saved write is never reported as failed, and an unknowable outcome is reported as unknown. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { ProxyError } from '../src/errors'
import { openGate } from '../src/gate/gate'
import { RequestOutcome } from '../src/execute/outcome'
import { PostgresError } from '../src/postgres/messages'
import {
  fatal,
  startFaultyNetwork,
  type FaultyNetwork,
  type OnMessage,
} from './testing/faulty-network'
import { startTestProxy, type OneProxy, type Posted, type TestProxy } from './testing/proxy'
import { until } from './testing/until'

let proxy: TestProxy
let network: FaultyNetwork
let one: OneProxy
before(async () => {
  proxy = await startTestProxy()
  await proxy.asOwner(
    `create function nap(seconds float) returns void security definer language sql as 'select pg_sleep(seconds)'`,
  )
  network = await startFaultyNetwork(proxy.authenticatorUrl)
  one = await proxy.another({
    env: {
      PROXY_DATABASE_URL: network.url,
      PROXY_POOL_SIZE: '1',
      PROXY_STATEMENT_TIMEOUT_MS: '1000',
      PROXY_MAX_ROWS: '100',
    },
    overrides: { gate: openGate },
  })
})
after(async () => {
  await proxy.stop()
  network.close()
})
beforeEach(mend)

async function mend(): Promise<void> {
  network.onMessage = () => true
  await until(async () => (await send({ query: 'select 1' })).status === 200)
}

const send = (body: unknown): Promise<Posted> => proxy.post(body, { sqlUrl: one.sqlUrl })
const insert = (body: string) => ({ query: 'insert into memos (body) values ($1)', params: [body] })
const read = { query: 'select body from memos' }

const saved = async (body: string): Promise<boolean> =>
  (await proxy.asOwner('select from memos where body = $1', [body])).length > 0

/** Breaks the connection at the first command that completes with this tag, before or after passing it on. */
const breakAfter = (tag: string, passes: boolean, last: Buffer | undefined): OnMessage => {
  return ({ type, text }, link) => {
    if (type !== 'C' || !text.startsWith(tag)) return true
    // Postgres commits a single statement at its Sync, which has already been sent.
    const end = () => {
      if (last !== undefined) link.say(last)
      link.cut()
    }
    setImmediate(end)
    network.onMessage = () => false
    return passes
  }
}

function assertUnknown({ status, json, headers }: Posted): void {
  assert.equal(status, 400)
  assert.equal(json.code, '08007')
  assert.equal(headers.get('proxy-error-code'), 'outcome_unknown')
  assert.match(String(json.message), /outcome .* is unknown/)
  assert.match(String(json.hint), /[Rr]ead the data/)
}

test('a batch is answered once its COMMIT is, whatever Postgres says after that', async () => {
  for (const [body, last] of [
    ['fatal', fatal()],
    ['cut', undefined],
  ] as const) {
    network.onMessage = breakAfter('COMMIT', true, last)
    const { status, json } = await send({ queries: [insert(body), read] })
    assert.equal(status, 200)
    assert.equal((json.results as unknown[]).length, 2)
    assert.equal(await saved(body), true)
    await mend()
  }
})

test('a batch whose COMMIT was not answered has an unknown outcome', async () => {
  network.onMessage = breakAfter('COMMIT', false, fatal())
  assertUnknown(await send({ queries: [insert('commit under way')] }))
  assert.equal(await saved('commit under way'), true)
})

test('a statement that ran but whose commit was not confirmed has an unknown outcome', async () => {
  for (const [body, last] of [
    ['fatal after INSERT', fatal()],
    ['cut after INSERT', undefined],
  ] as const) {
    network.onMessage = breakAfter('INSERT', true, last)
    assertUnknown(await send(insert(body)))
    assert.equal(await saved(body), true)
    await mend()
  }
})

test('a write whose answer was lost with the connection has an unknown outcome, and so has its batch', async () => {
  for (const body of [insert('lost'), { queries: [read, insert('lost')] }]) {
    network.onMessage = breakAfter('INSERT', false, undefined)
    assertUnknown(await send(body))
    await mend()
  }
})

test('a read that was lost with the connection can simply be repeated, and so can a batch of reads', async () => {
  for (const body of [read, { queries: [read, read] }]) {
    const { headers } = await withCut(body)
    assert.equal(headers.get('proxy-error-code'), 'connection_lost')
  }
})

async function withCut(body: unknown): Promise<Posted> {
  // The tests' open gate calls no statement a read.
  const gated = await proxy.another({
    env: { PROXY_DATABASE_URL: network.url, PROXY_POOL_SIZE: '1' },
  })
  assert.equal((await proxy.post(read, { sqlUrl: gated.sqlUrl })).status, 200)
  network.onMessage = (_message, link) => {
    link.cut()
    return false
  }
  const told = await proxy.post(body, { sqlUrl: gated.sqlUrl })
  network.onMessage = () => true
  await gated.close()
  return told
}

test('a write that the proxy aborted has an unknown outcome', async () => {
  network.onMessage = ({ type, text }, link) => {
    if (type === 'C' && text.startsWith('INSERT')) link.fallSilent()
    return true
  }
  assertUnknown(await send(insert('given up')))
  assert.equal(await saved('given up'), true)
})

test('a batch that took too long was rolled back, and is reported as such', async () => {
  const nap = { query: 'select nap(0.6)' }
  const queries = [insert('rolled back'), ...Array.from({ length: 8 }, () => nap)]
  const { json, headers } = await send({ queries })
  assert.equal(json.code, '57014')
  assert.equal(headers.get('proxy-error-code'), 'cancelled')
  assert.equal(await saved('rolled back'), false)
})

test('a statement whose session was ended before it finished has failed', async () => {
  const owner = `select pg_terminate_backend(pid) from pg_stat_activity where state = 'active' and query like 'insert%nap(0.9)'`
  const sent = send({ query: `insert into memos (body) select 'ended' from nap(0.9)` })
  await until(async () => (await proxy.asOwner(owner)).length > 0)
  assert.equal((await sent).json.code, '57P01')
  assert.equal(await saved('ended'), false)
})

test('a write whose answer is too long says whether it was saved', async () => {
  const { status, json } = await send({
    query: `insert into memos (body) select 'many ' || n from generate_series(1, 200) n returning id`,
  })
  assert.equal(status, 507)
  assert.equal(json.code === '08007', await saved('many 1'))
})

test('a write that was never sent has failed', async () => {
  const blocked = send({ query: 'select nap(0.9)' })
  const waiting = send(insert('never sent'))
  await blocked
  const { status } = await waiting
  assert.equal(status === 200, await saved('never sent'))
})

test('a saved write is not reported as failed because an internal query failed', async () => {
  const outcome = new RequestOutcome()
  outcome.tell('committed')
  const error = new PostgresError('out of memory', { code: '53200' })
  const told = await outcome.explain(error, new ProxyError('postgres_error', error.message))
  assert.ok(told instanceof ProxyError)
  assert.equal(told.fields.code, '08007')
})
