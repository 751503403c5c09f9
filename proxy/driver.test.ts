import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { neon, neonConfig, NeonDbError } from '@neondatabase/serverless'
import { startTestProxy, type TestProxy } from './testing/proxy'

let proxy: TestProxy
let alice: ReturnType<typeof neon<false, false>>

before(async () => {
  proxy = await startTestProxy()
  neonConfig.fetchEndpoint = proxy.sqlUrl
  alice = neon(proxy.connectionString, { authToken: () => proxy.issuer.token('alice') })
})
after(() => proxy.stop())

test('a tagged template runs as the user of the token', async () => {
  assert.deepEqual(await alice`select auth.user_id() as id, ${1}::int as one`, [
    { id: 'alice', one: 1 },
  ])
})

test('an error carries the fields of Postgres', async () => {
  await assert.rejects(alice`select 1 / 0`, (error) => {
    assert.ok(error instanceof NeonDbError)
    assert.equal(error.code, '22012')
    assert.equal(error.routine, 'int4div')
    return true
  })
})

test('a transaction is one batch', async () => {
  const [inserted, all] = await alice.transaction([
    alice`insert into todos (task) values ('in a batch') returning task`,
    alice`select task, user_id from todos`,
  ])
  assert.deepEqual(inserted, [{ task: 'in a batch' }])
  assert.deepEqual(all, [{ task: 'in a batch', user_id: 'alice' }])
})
