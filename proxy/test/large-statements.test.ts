/** All parameters that Postgres accepts go through; larger requests are refused with the name of the limit. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestProxy, type TestProxy } from './testing/proxy'

let proxy: TestProxy
before(async () => {
  proxy = await startTestProxy()
  await proxy.asOwner('create table imported (a int, b int, c text, d boolean, e timestamptz)')
  await proxy.asOwner('grant select, insert on imported to authenticated')
})
after(() => proxy.stop())

/** An insert as query builders write it, with a parameter for each value. */
function insert(rows: number) {
  const tuples = Array.from({ length: rows }, (_, i) => {
    const n = 5 * i
    return `($${n + 1}, $${n + 2}, $${n + 3}, $${n + 4}, $${n + 5})`
  })
  const params = Array.from({ length: rows }, (_, i) => [
    i,
    2 * i,
    `body ${i}`,
    i % 2 === 0,
    '2026-01-01T00:00:00Z',
  ])
  const query = `insert into "imported" ("a", "b", "c", "d", "e") values ${tuples.join(', ')}`
  return { query, params: params.flat() }
}

for (const rows of [6_000, 13_107]) {
  test(`an insert of ${rows} rows with five parameters each`, async () => {
    await proxy.asOwner('truncate imported')
    const { status, json } = await proxy.post(insert(rows))
    assert.equal(status, 200, String(json.message))
    assert.equal(json.rowCount, rows)
    const [found] = await proxy.asOwner(
      'select count(*)::int as n, sum(b)::int as b, count(distinct c)::int as c from imported',
    )
    assert.deepEqual(found, { n: rows, b: rows * (rows - 1), c: rows })
  })
}

test('65,535 parameters in a list, and one more', async () => {
  const list = (count: number) => ({
    query: `select $1::int in (${Array.from({ length: count }, (_, i) => `$${i + 1}`).join()}) as found`,
    params: Array.from({ length: count }, (_, i) => i),
  })
  assert.deepEqual((await proxy.post(list(65_535))).json.rows, [{ found: true }])
  const { json } = await proxy.post(list(65_536))
  assert.equal(json.code, '54000')
  assert.match(String(json.message), /may have 65535 params in Postgres/)
})

test('limits are refused with 54000 and the name of a variable, which raises them', async () => {
  const { sqlUrl } = await proxy.another({ env: { PROXY_MAX_STATEMENT_BYTES: '100000' } })
  const long = await proxy.post(insert(3_000), { sqlUrl })
  assert.deepEqual([long.status, long.json.code], [400, '54000'])
  assert.match(String(long.json.hint), /PROXY_MAX_STATEMENT_BYTES/)

  // With casts, every row is judged.
  const casts = Array.from({ length: 60_000 }, (_, i) => `($${i + 1}::int)`).join()
  const dense = {
    query: `select count(*)::int as n from (values ${casts}) as v`,
    params: Array<number>(60_000).fill(1),
  }
  const refused = await proxy.post(dense)
  assert.deepEqual([refused.status, refused.json.code], [400, '54000'])
  assert.match(String(refused.json.hint), /PROXY_STATEMENT_CHECK_MS/)
  const patient = await proxy.another({ env: { PROXY_STATEMENT_CHECK_MS: '3000' } })
  const { status, json } = await proxy.post(dense, { sqlUrl: patient.sqlUrl })
  assert.equal(status, 200, String(json.message))
})
