import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestProxy, type TestProxy } from '../testing/proxy'

let proxy: TestProxy
before(async () => {
  proxy = await startTestProxy()
})
after(() => proxy.stop())

test('a batch answers with one result per statement and repeats its options', async () => {
  const { json, headers } = await proxy.post(
    {
      queries: [
        { query: `select current_database() is not null as ok`, arrayMode: true },
        { query: `select $1::int as n`, params: [7] },
      ],
    },
    {
      headers: {
        'neon-batch-isolation-level': 'RepeatableRead',
        'neon-batch-read-only': 'true',
        'neon-batch-deferrable': 'true',
      },
    },
  )
  const results = json.results as { rows: unknown[]; rowAsArray: boolean }[]
  assert.deepEqual(
    results.map(({ rows, rowAsArray }) => [rows, rowAsArray]),
    [
      [[[true]], true],
      [[{ n: 7 }], false],
    ],
  )
  assert.equal(headers.get('neon-batch-isolation-level'), 'RepeatableRead')
  assert.equal(headers.get('neon-batch-read-only'), 'true')
  assert.equal(headers.get('neon-batch-deferrable'), 'true')
  assert.equal(
    (
      await proxy.post({ query: 'select 1' }, { headers: { 'neon-batch-read-only': 'true' } })
    ).headers.get('neon-batch-read-only'),
    null,
  )
})

test('an empty batch is answered without results', async () => {
  assert.equal((await proxy.post({ queries: [] })).text, '{"results":[]}')
})

test('a failed batch has no effect and returns only the error', async () => {
  const { status, json } = await proxy.post({
    queries: [
      { query: `insert into memos (body) values ('must not stay')` },
      { query: 'select 1 / 0' },
      { query: 'select 1' },
    ],
  })
  assert.equal(status, 400)
  assert.equal(json.code, '22012')
  assert.deepEqual(await proxy.asOwner(`select 1 from memos where body = 'must not stay'`), [])
  assert.equal((await proxy.post({ query: 'select 1' })).status, 200)
})

test('a read-only batch may not write', async () => {
  const { json } = await proxy.post(
    { queries: [{ query: `insert into memos (body) values ('x')` }] },
    { headers: { 'neon-batch-read-only': 'true' } },
  )
  assert.equal(json.code, '25006')
})

test('a batch in which one statement is refused does not run at all', async () => {
  const { json } = await proxy.post({
    queries: [{ query: `insert into memos (body) values ('no')` }, { query: 'commit' }],
  })
  assert.match(String(json.message), /COMMIT|TRANSACTION/)
  assert.deepEqual(await proxy.asOwner(`select 1 from memos where body = 'no'`), [])
})
