import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { neon, neonConfig, NeonDbError } from '@neondatabase/serverless'
import { eq, sql as drizzleSql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/neon-http'
import { Client, DatabaseError } from 'pg'
import { openGate } from '../../src/gate/gate'
import { memos } from '../testing/fixture'
import { startTestProxy, type TestProxy } from '../testing/proxy'

let proxy: TestProxy
let connectDirectly: () => Client
const neonAs = (user: string) =>
  neon(proxy.connectionString, { authToken: () => proxy.issuer.token(user) })

before(async () => {
  proxy = await startTestProxy({ env: { PROXY_SERIALIZABLE: 'on' } })
  neonConfig.fetchEndpoint = proxy.sqlUrl
  connectDirectly = () => new Client({ connectionString: proxy.authenticatorUrl })
})
after(() => proxy.stop())

async function thrown(run: () => Promise<unknown>): Promise<unknown> {
  try {
    await run()
  } catch (error) {
    return error
  }
  return assert.fail('nothing was thrown')
}

/** As the proxy sends it: not as a simple query, even without values. */
const extended = (text: string) => ({ text, values: [], queryMode: 'extended' })

test('a tagged template runs as the user of the token', async () => {
  const sql = neonAs('alice')
  assert.deepEqual(await sql`select auth.user_id() as id, ${1}::int as one`, [
    { id: 'alice', one: 1 },
  ])
})

test('query() takes placeholders, and values are those of node-postgres', async () => {
  const sql = neonAs('alice')
  const rows = await sql.query(
    `select $1::int as i, $2::timestamptz as t, $3::text[] as a, $4::jsonb as j, $5::bytea as b, null as n, $6::bool as y`,
    [1, new Date(0), ['a', 'b"\n'], { x: 1 }, Buffer.from('AB'), true],
  )
  assert.deepEqual(rows, [
    { i: 1, t: new Date(0), a: ['a', 'b"\n'], j: { x: 1 }, b: Buffer.from('AB'), n: null, y: true },
  ])
})

test('full results have the fields, the command and the count', async () => {
  const sql = neonAs('alice')
  const result = await sql.query('select 1 as one', [], { fullResults: true })
  assert.equal(result.command, 'SELECT')
  assert.equal(result.rowCount, 1)
  assert.equal(result.fields[0]?.name, 'one')
  assert.equal(result.fields[0].dataTypeID, 23)
})

test('the fields of a result are those that a direct connection reports', async () => {
  const query = `select id, body, 1::numeric(10, 2) as n, 'x'::varchar(7) as v from memos limit 0`
  const result = await neonAs('alice').query(query, [], { fullResults: true })
  const direct = connectDirectly()
  await direct.connect()
  try {
    await direct.query('begin')
    await direct.query('set local role authenticated')
    const { fields } = await direct.query(query)
    assert.deepEqual(
      result.fields.map((field) => ({ ...field })),
      fields.map((field) => ({ ...field })),
    )
  } finally {
    await direct.end()
  }
})

test('an error has every field that a direct connection reports', async () => {
  const statements = [
    'select 1 / 0',
    'select * from no_such_table',
    'select no_such_column from memos',
    `select 'x'::int`,
    `insert into checked values (-1)`,
    `insert into memos (user_id, body) values ('bob', 'x')`,
    `select $1::int`,
    'selec 1',
  ]
  await proxy.asOwner('create table checked (positive int check (positive > 0))')
  await proxy.asOwner('grant insert on checked to authenticated')
  const names = [
    'message',
    'code',
    'detail',
    'hint',
    'position',
    'internalPosition',
    'internalQuery',
    'severity',
    'where',
    'table',
    'column',
    'schema',
    'dataType',
    'constraint',
    'file',
    'line',
    'routine',
  ] as const
  const open = await proxy.another({ overrides: { gate: openGate } })
  const direct = connectDirectly()
  await direct.connect()
  try {
    for (const statement of statements) {
      neonConfig.fetchEndpoint = open.sqlUrl
      const throughProxy = await thrown(() => neonAs('alice').query(statement))
      assert.ok(throughProxy instanceof NeonDbError, statement)
      await direct.query('begin')
      await direct.query('set local role authenticated')
      const expected = await thrown(() => direct.query(extended(statement)))
      await direct.query('rollback')
      assert.ok(expected instanceof DatabaseError, statement)
      for (const name of names)
        assert.equal(throughProxy[name], expected[name], `${name} of ${statement}`)
    }
  } finally {
    neonConfig.fetchEndpoint = proxy.sqlUrl
    await direct.end()
  }
})

test('a transaction is one batch, with its options', async () => {
  const sql = neonAs('alice')
  const [inserted, all] = await sql.transaction([
    sql`insert into memos (body) values ('in a batch') returning body`,
    sql`select body, user_id from memos`,
  ])
  assert.deepEqual(inserted, [{ body: 'in a batch' }])
  assert.deepEqual(all, [{ body: 'in a batch', user_id: 'alice' }])
  await assert.rejects(
    sql.transaction([sql`delete from memos`], {
      readOnly: true,
      isolationLevel: 'Serializable',
      deferrable: true,
    }),
    { code: '25006' },
  )
})

test('an aborted request rejects as an abort', async () => {
  const sql = neonAs('alice')
  const controller = new AbortController()
  controller.abort()
  await assert.rejects(sql.query('select 1', [], { fetchOptions: { signal: controller.signal } }))
})

test('drizzle runs as the user of the token that it is given', async () => {
  const db = drizzle(neon(proxy.connectionString), { schema: { memos } })
  const bobs = db.$withAuth(await proxy.issuer.token('bob'))
  const [added] = await bobs.insert(memos).values({ body: 'bob was here' }).returning()
  assert.equal(added?.userId, 'bob')
  assert.deepEqual(await bobs.select({ body: memos.body }).from(memos), [{ body: 'bob was here' }])
  const found = await bobs.query.memos.findMany({
    columns: { body: true },
    where: eq(memos.isArchived, false),
    extras: { length: drizzleSql<number>`length(${memos.body})`.as('length') },
  })
  assert.deepEqual(found, [{ body: 'bob was here', length: 12 }])
  await bobs.update(memos).set({ isArchived: true }).where(eq(memos.id, added.id))
  await bobs.delete(memos)
  assert.deepEqual(await bobs.select().from(memos), [])
})

test('a batch of drizzle runs as the user of the driver’s token', async () => {
  const db = drizzle(neonAs('carol'), { schema: { memos } })
  const [added, all] = await db.batch([
    db.insert(memos).values({ body: 'carol was here' }).returning({ body: memos.body }),
    db.query.memos.findMany({ columns: { body: true } }),
  ])
  assert.deepEqual(added, [{ body: 'carol was here' }])
  assert.deepEqual(all, [{ body: 'carol was here' }])
})
