import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { after, before, test } from 'node:test'
import { freePort } from '../../../test/postgres/test-server'
import { formatFile } from '../../gate/allowlist/file'
import { startTestProxy, type OneProxy, type TestProxy } from '../../../test/testing/proxy'
import { startRelay } from '../../../test/testing/relay'

const LISTED = 'select "id", "body" from "memos" order by "memos"."inserted_at", "memos"."id"'

let proxy: TestProxy
let folder: string
/** Names LISTED. */
let list: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warm-up-'))
  list = join(folder, 'list')
  await writeFile(list, formatFile([LISTED]))
  proxy = await startTestProxy()
})
after(async () => {
  await proxy.stop()
  await rm(folder, { recursive: true })
})

/** Starts a proxy with a warm-up, which other tests skip. */
const cold = (env: Record<string, string> = {}) =>
  proxy.another({ env, overrides: { isWarm: false } })

async function isReady({ url }: OneProxy): Promise<boolean> {
  const response = await fetch(`${url}/readyz`)
  await response.text()
  return response.status === 200
}

async function untilReady(one: OneProxy): Promise<void> {
  while (!(await isReady(one))) await setImmediate()
}

test('the warm-up is not logged, and counts against no rate limit', async () => {
  const one = await cold({
    PROXY_RATE_LIMIT: '0.001',
    PROXY_RATE_LIMIT_PER_ADDRESS: '0.001',
    PROXY_WARM_STATEMENTS: list,
  })
  await untilReady(one)
  assert.deepEqual(one.log, [])
  assert.equal((await proxy.post({ query: 'select 1' }, { sqlUrl: one.sqlUrl })).status, 200)
  assert.equal(one.log.length, 1)
})

test('nothing of the warm-up is recorded', async () => {
  const path = join(folder, 'recording')
  const one = await cold({ PROXY_ALLOWLIST_RECORD: path, PROXY_WARM_STATEMENTS: list })
  await untilReady(one)
  assert.equal(await readFile(path, 'utf8'), '')
})

/** The messages of a fresh proxy's first request; P parses a statement. */
async function firstFlight(env: Record<string, string>): Promise<string[]> {
  const relay = await startRelay(proxy.authenticatorUrl)
  const one = await cold({ ...env, PROXY_DATABASE_URL: relay.url })
  try {
    await untilReady(one)
    relay.takeFlights()
    assert.equal((await proxy.post({ query: LISTED }, { sqlUrl: one.sqlUrl })).status, 200)
    return relay.takeFlights()
  } finally {
    await one.close()
    await relay.close()
  }
}

test('after the warm-up the first request finds a session that knows its statement', async () => {
  assert.deepEqual(await firstFlight({ PROXY_WARM_STATEMENTS: list }), ['BEBEBES'])
})

test('the proxy also warms up with an allow-list, and lets nothing else run', async () => {
  assert.deepEqual(await firstFlight({ PROXY_ALLOWLIST: list }), ['BEBEBES'])
  const one = await cold({ PROXY_ALLOWLIST: list })
  await untilReady(one)
  const { headers } = await proxy.post({ query: 'select 1' }, { sqlUrl: one.sqlUrl })
  assert.equal(headers.get('proxy-error-code'), 'statement_not_listed')
})

test('no expected statement is run', async () => {
  const writes = join(folder, 'writes')
  await writeFile(writes, formatFile(['insert into memos (body) values (0::text)']))
  await untilReady(await cold({ PROXY_WARM_STATEMENTS: writes }))
  assert.deepEqual(await proxy.asOwner('select body from memos'), [])
})

test('every provider’s keys are loaded before the first token arrives', async () => {
  const before = proxy.issuer.fetches()
  const one = await cold()
  await untilReady(one)
  assert.equal(proxy.issuer.fetches(), before + 1)
  assert.equal((await proxy.post({ query: 'select 1' }, { sqlUrl: one.sqlUrl })).status, 200)
  assert.equal(proxy.issuer.fetches(), before + 1)
})

test('a proxy that started before Postgres is ready once Postgres is', async () => {
  const real = new URL(proxy.authenticatorUrl)
  const address = new URL(real)
  address.port = String(await freePort())
  const one = await cold({ PROXY_DATABASE_URL: address.href })
  assert.equal(await isReady(one), false)
  const postgres = createServer((client) => {
    const server = connect(Number(real.port), real.hostname)
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.on('error', () => to.destroy()).pipe(to)
    }
  }).listen(Number(address.port), real.hostname)
  await once(postgres, 'listening')
  try {
    await untilReady(one)
  } finally {
    postgres.close()
  }
})

test('if the warm-up fails, requests are still answered', async () => {
  await proxy.asOwner('create database bare')
  try {
    const bare = new URL(proxy.authenticatorUrl)
    bare.pathname = '/bare'
    // Without schema auth and without tables, Postgres refuses its queries.
    const one = await cold({ PROXY_DATABASE_URL: bare.href, PROXY_WARM_STATEMENTS: list })
    await untilReady(one)
    const headers = { 'neon-connection-string': 'postgresql://authenticated@localhost/bare' }
    const { json } = await proxy.post({ query: 'select 1 as one' }, { sqlUrl: one.sqlUrl, headers })
    assert.deepEqual(json.rows, [{ one: 1 }])
    await one.close()
  } finally {
    await proxy.asOwner('drop database bare with (force)')
  }
})

test('a request during the warm-up is answered', async () => {
  const one = await cold()
  assert.equal(await isReady(one), false)
  assert.equal((await proxy.post({ query: 'select 1' }, { sqlUrl: one.sqlUrl })).status, 200)
})

test('a pool of one warms up as well', async () => {
  const env = { PROXY_POOL_SIZE: '1', PROXY_QUEUE_LENGTH: '0', PROXY_WARM_STATEMENTS: list }
  assert.deepEqual(await firstFlight(env), ['BEBEBES'])
})

test('a proxy that is stopped at any point of its warm-up ends cleanly', async () => {
  for (let rounds = 0; rounds < 10; rounds++) {
    const one = await cold({ PROXY_WARM_STATEMENTS: list })
    // Each round stops it a bit later.
    for (let i = 0; i < rounds * 3; i++) await fetch(`${one.url}/healthz`).then((r) => r.text())
    await one.close()
  }
})
