import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestProxy, type OneProxy, type TestProxy } from './testing/proxy'
import { startRelay, type Relay } from './testing/relay'

let proxy: TestProxy
let relay: Relay
let relayed: OneProxy
before(async () => {
  proxy = await startTestProxy()
  relay = await startRelay(proxy.authenticatorUrl)
  relayed = await proxy.another({ env: { PROXY_DATABASE_URL: relay.url, PROXY_POOL_SIZE: '1' } })
})
after(async () => {
  await proxy.stop()
  await relay.close()
})

/** The message flights of one request on an open connection. */
async function flightsOf(body: unknown): Promise<string[]> {
  await proxy.post({ query: 'select 0' }, { sqlUrl: relayed.sqlUrl })
  relay.takeFlights()
  await proxy.post(body, { sqlUrl: relayed.sqlUrl })
  return relay.takeFlights()
}

// B Bind, E Execute, P Parse, D Describe, C Close, S Sync, Q simple query.
test('a statement costs one round trip: identity, check of the schema and statement, then a single Sync', async () => {
  const body = { query: 'select body from memos where body = $1', params: ['x'] }
  assert.deepEqual(await flightsOf(body), ['BEBEPBDES'])
})

test('the second time, a statement is already prepared and described', async () => {
  const body = { query: 'select body from memos' }
  assert.deepEqual(await flightsOf(body), ['BEBEPBDES'])
  assert.deepEqual(await flightsOf(body), ['BEBEBES'])
})

test('a write is saved without BEGIN and COMMIT of its own', async () => {
  const body = { query: `insert into memos (body) values ('kept')` }
  assert.deepEqual(await flightsOf(body), ['BEBEPBDES'])
  assert.equal((await proxy.asOwner(`select 1 from memos where body = 'kept'`)).length, 1)
})

test('a batch of three with its transaction is one round trip too', async () => {
  const query = 'select 1'
  await flightsOf({ query })
  const flights = await flightsOf({ queries: [{ query }, { query }, { query }] })
  assert.deepEqual(flights, ['PBEBEBEBEBEBEPBES'])
})

test('a batch that holds the same new statement twice is answered twice', async () => {
  const query = `select 'seen for the first time' as what`
  const { json } = await proxy.post({ queries: [{ query }, { query }, { query }] })
  const rows = (json.results as { rows: unknown }[]).map((result) => result.rows)
  assert.deepEqual(rows, Array(3).fill([{ what: 'seen for the first time' }]))
})

test('a failed statement is prepared again, its name closed, and the schema checked', async () => {
  const body = { query: 'select 1 / $1::int', params: ['0'] }
  assert.deepEqual(await flightsOf(body), ['BEBEPBDES', 'CPBDES'])
  await proxy.post(body, { sqlUrl: relayed.sqlUrl })
  assert.deepEqual(relay.takeFlights(), ['BEBEPBDES', 'CPBDES'])
})

test('a changed table under a prepared statement is noticed and not an error', async () => {
  await proxy.asOwner('create table changing (a int)')
  await proxy.asOwner('grant select on changing to authenticated')
  const body = { query: 'select * from changing' }
  for (let i = 0; i < 2; i++) await flightsOf(body)
  await proxy.asOwner('alter table changing add b text')
  const { json } = await proxy.post(body, { sqlUrl: relayed.sqlUrl })
  assert.equal((json.fields as unknown[]).length, 2)
})

test('prepared statements are bounded: the oldest are closed in Postgres', async () => {
  await flightsOf({ query: 'select 0' })
  for (let i = 0; i < 230; i++) {
    await proxy.post({ query: `select ${i} as n` }, { sqlUrl: relayed.sqlUrl })
  }
  const opened = relay.takeFlights().join('')
  const count = (type: string) => opened.split(type).length - 1
  assert.ok(count('P') - count('C') <= 205, `${count('P')} parsed, ${count('C')} closed`)
})
