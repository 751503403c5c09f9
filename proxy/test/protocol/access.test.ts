import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestProxy, type TestProxy } from '../testing/proxy'

let proxy: TestProxy
before(async () => {
  proxy = await startTestProxy()
})
after(() => proxy.stop())

test('another role or database is refused', async () => {
  const ask = (connection: string) =>
    proxy.post({ query: 'select 1' }, { headers: { 'neon-connection-string': connection } })
  const good = new URL(proxy.connectionString)
  for (const user of ['postgres', 'authenticator', 'anonymous']) {
    const { status, json } = await ask(`postgresql://${user}@localhost${good.pathname}`)
    assert.equal(status, 400)
    assert.equal(json.message, `password authentication failed for user '${user}'`)
  }
  const { status, json } = await ask('postgresql://authenticated@localhost/postgres')
  assert.equal(status, 400)
  assert.equal(json.message, 'database "postgres" does not exist')
  assert.equal(json.code, '3D000')
})

test('without a token all requests are refused, unless anonymous is enabled and requested', async () => {
  const message =
    'missing authentication credentials: required authorization bearer token in JWT format'
  const anonymous = {
    'neon-connection-string': proxy.connectionString.replace('authenticated', 'anonymous'),
  }
  const off = await proxy.post({ query: 'select 1' }, { token: null, headers: anonymous })
  assert.equal(off.json.message, message)

  const open = await proxy.another({ env: { PROXY_ANONYMOUS: 'on' } })
  const options = { token: null, sqlUrl: open.sqlUrl }
  const who = { query: 'select current_user as role, auth.user_id() as id' }
  const asAnonymous = await proxy.post(who, { ...options, headers: anonymous })
  assert.deepEqual(asAnonymous.json.rows, [{ role: 'anonymous', id: null }])
  const asUser = await proxy.post(who, options)
  assert.equal(asUser.json.message, message)
  const memos = await proxy.post(
    { query: 'select * from memos' },
    { ...options, headers: anonymous },
  )
  assert.equal(memos.json.code, '42501')
})

test('a login that bypasses policies is refused', async () => {
  const superuser = new URL(proxy.authenticatorUrl)
  superuser.username = `boss_${process.pid}`
  superuser.password = 'boss'
  await proxy.asOwner(`create role ${superuser.username} superuser login password 'boss'`)
  const other = await proxy.another({ env: { PROXY_DATABASE_URL: superuser.href } })
  const { status, json } = await proxy.post({ query: 'select 1' }, { sqlUrl: other.sqlUrl })
  await proxy.asOwner(`drop role ${superuser.username}`)
  assert.equal(status, 500)
  assert.match(String(json.message), /superuser/)
})

test('the log has one line per request, without SQL, parameters, token or user', async () => {
  proxy.log.length = 0
  const token = await proxy.issuer.token('alice-the-secret')
  await proxy.post({ query: `select 'sql-secret', $1`, params: ['param-secret'] }, { token })
  await proxy.post({ query: `select sql_secret` }, { token })
  assert.deepEqual(
    proxy.log.map(({ role, status, rows, code }) => ({ role, status, rows, code })),
    [
      { role: 'authenticated', status: 200, rows: 1, code: undefined },
      { role: 'authenticated', status: 400, rows: null, code: 'postgres_error' },
    ],
  )
  assert.ok(!/secret|eyJ/.test(JSON.stringify(proxy.log)))
})
