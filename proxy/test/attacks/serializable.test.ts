/** SERIALIZABLE transactions fail because of others' work on rows that are invisible to their user. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestProxy, type OneProxy, type TestProxy } from '../testing/proxy'
import { until } from '../testing/until'

let proxy: TestProxy
/** A proxy with PROXY_SERIALIZABLE=on. */
let allowing: OneProxy
before(async () => {
  proxy = await startTestProxy()
  allowing = await proxy.another({ env: { PROXY_SERIALIZABLE: 'on' } })
})
after(() => proxy.stop())

const READ = 'select count(*) from memos'
const HOLD = 'select id from memos for update'
const WRITE = `insert into memos (body) values ('written') returning id`

type Ask = { readonly sqlUrl: string; readonly level?: string; readonly modes?: object }

async function batch(user: string, queries: readonly string[], { sqlUrl, level, modes }: Ask) {
  const { status, json, headers } = await proxy.post(
    { queries: queries.map((query) => ({ query })) },
    {
      sqlUrl,
      token: await proxy.issuer.token(user),
      headers: { ...(level ? { 'neon-batch-isolation-level': level } : {}), ...modes },
    },
  )
  return status === 200 ? 'done' : String(json.code) || String(headers.get('proxy-error-code'))
}

/** The outcome of Bob's batch when Alice runs hers at the same time. */
async function bobBeside(alice: readonly string[] | undefined, ask: Ask): Promise<string> {
  await proxy.asOwner('delete from memos')
  await proxy.asOwner(`insert into memos (user_id, body) values ('bob', 'his own')`)
  await proxy.asOwner('begin')
  let bobs: Promise<string>
  try {
    // A lock on Bob's row makes his batch wait half-way.
    await proxy.asOwner(`select from memos where user_id = 'bob' for update`)
    bobs = batch('bob', [READ, HOLD, WRITE], ask)
    const waiting = `select from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())
      union all select from pg_locks where not granted and locktype = 'transactionid'`
    await until(async () => (await proxy.asOwner(waiting)).length > 0)
    if (alice !== undefined) assert.equal(await batch('alice', alice, ask), 'done')
  } finally {
    await proxy.asOwner('rollback')
  }
  return bobs
}

test('with PROXY_SERIALIZABLE=on, a serializable batch reveals when another user writes', async () => {
  const ask = { sqlUrl: allowing.sqlUrl, level: 'Serializable' }
  assert.equal(await bobBeside([READ, WRITE], ask), '40001')
  assert.equal(await bobBeside(undefined, ask), 'done')
})

test('no other level reveals anything about other users’ rows', async () => {
  for (const level of ['RepeatableRead', 'ReadCommitted', 'ReadUncommitted', undefined]) {
    const ask = { sqlUrl: proxy.sqlUrl, ...(level === undefined ? {} : { level }) }
    assert.equal(await bobBeside([READ, WRITE], ask), 'done', level)
    assert.equal(await bobBeside(undefined, ask), 'done', level)
  }
})

test('a default level of the database or the login does not apply', async () => {
  const setting = `set default_transaction_isolation = 'serializable'`
  const [{ name } = {}] = await proxy.asOwner('select current_database() as name')
  await proxy.asOwner(`alter database "${String(name)}" ${setting}`)
  const another = await proxy.another({})
  const { json } = await proxy.post(
    { query: 'select body from memos', params: [] },
    { sqlUrl: another.sqlUrl },
  )
  assert.ok(json.rows)
  assert.equal(await bobBeside([READ, WRITE], { sqlUrl: another.sqlUrl }), 'done')
})

test('it is refused unless configured, also with DEFERRABLE, and the refusal says how to allow it', async () => {
  for (const headers of [
    {},
    { 'neon-batch-read-only': 'true' },
    { 'neon-batch-read-only': 'true', 'neon-batch-deferrable': 'true' },
  ]) {
    const {
      status,
      json,
      headers: told,
    } = await proxy.post(
      { queries: [{ query: READ }] },
      { headers: { 'neon-batch-isolation-level': 'Serializable', ...headers } },
    )
    assert.equal(status, 400)
    assert.equal(told.get('proxy-error-code'), 'isolation_level_refused')
    assert.match(String(json.message), /SERIALIZABLE/)
    assert.match(String(json.hint), /RepeatableRead.*PROXY_SERIALIZABLE=on/)
  }
})
