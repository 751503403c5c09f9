import assert from 'node:assert/strict'
import looseAssert from 'node:assert'
import { after, before, test } from 'node:test'
import { neon, neonConfig } from '@neondatabase/serverless'
import { Client } from 'pg'
import { openGate } from '../../src/gate/gate'
import { startPasswordProxy, type PasswordProxy } from '../testing/password'
import { SAMPLE_QUERIES, type SampleQuery } from '../testing/sample-queries'

let local: PasswordProxy
/** As the same role to the same database. */
let direct: Client
before(async () => {
  local = await startPasswordProxy()
  neonConfig.fetchEndpoint = local.proxy.sqlUrl
  const url = new URL(local.connectionString())
  const server = new URL(local.proxy.authenticatorUrl)
  url.host = server.host
  direct = new Client({ connectionString: url.href })
  await direct.connect()
})
after(async () => {
  await direct.end()
  await local.stop()
})

type Result = {
  command: unknown
  rowCount: unknown
  rows: unknown
  fields: { tableID: number; dataTypeID: number }[]
}

/** The comparable part of results: OIDs of objects that a run created are numbered, because they differ. */
function told(results: readonly Result[]) {
  const created: number[] = []
  const stable = (oid: number) => {
    if (oid < 16_384) return oid
    if (!created.includes(oid)) created.push(oid)
    return `created ${created.indexOf(oid)}`
  }
  return results.map(({ command, rowCount, rows, fields }) => ({
    // `pg` has null for an empty statement.
    command: command ?? '',
    rowCount,
    rows,
    fields: fields.map((field) => ({
      ...field,
      tableID: stable(field.tableID),
      dataTypeID: stable(field.dataTypeID),
    })),
  }))
}

async function directly([text, values = []]: SampleQuery, isArrayMode: boolean): Promise<Result> {
  const result = await direct.query({
    text,
    values: [...values],
    ...(isArrayMode ? { rowMode: 'array' as const } : {}),
    // Even without values, as the proxy sends it.
    ...{ queryMode: 'extended' },
  })
  // Through the proxy, each request has a session of its own.
  await direct.query('rollback')
  await direct.query('discard all')
  return result
}

for (const arrayMode of [false, true]) {
  const shape = arrayMode ? 'arrays' : 'objects'
  test(`${SAMPLE_QUERIES.length} queries give the same as a direct connection, as ${shape}`, async () => {
    const sql = neon(local.connectionString(), { arrayMode, fullResults: true })
    const throughProxy: Result[] = []
    for (const [text, params = []] of SAMPLE_QUERIES) {
      throughProxy.push(await sql.query(text, [...params]))
    }
    const expected: Result[] = []
    for (const sample of SAMPLE_QUERIES) expected.push(await directly(sample, arrayMode))

    const ours = told(throughProxy)
    for (const [i, theirs] of told(expected).entries()) {
      const [text = ''] = SAMPLE_QUERIES[i] ?? []
      assert.deepEqual(ours[i]?.fields, theirs.fields, text)
      // Loose equality: each driver has its own classes, such as for intervals.
      looseAssert.deepEqual(ours[i], theirs, text)
      assert.equal(JSON.stringify(ours[i].rows), JSON.stringify(theirs.rows), text)
    }
  })
}

test('queries allowed by token give the same by token and by password, also when prepared', async () => {
  const { sqlUrl } = await local.proxy.another({ overrides: { gate: openGate } })
  const authToken = () => local.proxy.issuer.token('alice')
  const byPassword = neon(local.connectionString(), { fullResults: true })
  const byToken = neon(local.proxy.connectionString, { fullResults: true, authToken })
  const reading = SAMPLE_QUERIES.filter(([text]) => /^(select|values|with|table|--|$)/.test(text))
  for (const [text, params = []] of reading.filter(([text]) => !text.includes('sample'))) {
    const expected = await byPassword.query(text, [...params])
    neonConfig.fetchEndpoint = sqlUrl
    // The second time, the statement is already prepared.
    for (let i = 0; i < 2; i++) {
      const result = await byToken.query(text, [...params])
      assert.deepEqual(told([result]), told([expected]), text)
    }
    neonConfig.fetchEndpoint = local.proxy.sqlUrl
  }
})
