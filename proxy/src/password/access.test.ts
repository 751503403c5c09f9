import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { APP_ORIGIN } from '../../test/testing/issuer'
import { startPasswordProxy, type PasswordProxy } from '../../test/testing/password'

let local: PasswordProxy
before(async () => {
  local = await startPasswordProxy()
})
after(() => local.stop())

const WHO = 'select current_user as role'

test('a listed role logs in with the password that Postgres knows', async () => {
  const { status, json } = await local.ask(WHO)
  assert.equal(status, 200)
  assert.deepEqual(json.rows, [{ role: local.keeper }])
})

test('without PROXY_PASSWORD_ROLES, no password is checked', async () => {
  const { sqlUrl } = await local.proxy.another({ env: { PROXY_PASSWORD_ROLES: '' } })
  const { status, json } = await local.ask(WHO, { sqlUrl })
  assert.equal(status, 400)
  assert.equal(
    json.message,
    'missing authentication credentials: required authorization bearer token in JWT format',
  )
})

test('a wrong password, an unknown role and an unlisted role get the same answer', async () => {
  const unlisted = `unlisted_${process.pid}`
  await local.proxy.asOwner(`create role ${unlisted} login password 'right'`)
  const answers = [
    await local.ask(WHO, { password: 'wrong' }),
    await local.ask(WHO, { user: 'nobody', password: 'wrong' }),
    await local.ask(WHO, { user: unlisted, password: 'right' }),
    await local.ask(WHO, { user: 'postgres', password: 'wrong' }),
    // Not valid text in an encoding that Postgres accepts.
    await local.ask(WHO, {
      headers: { 'neon-connection-string': local.connectionString().replace(/:[^:@]+@/, ':%ff@') },
    }),
  ]
  await local.proxy.asOwner(`drop role ${unlisted}`)
  const users = [local.keeper, 'nobody', unlisted, 'postgres', local.keeper]
  for (const [i, { status, json, headers }] of answers.entries()) {
    assert.equal(status, 400)
    assert.equal(json.message, `password authentication failed for user '${users[i] ?? ''}'`)
    assert.deepEqual([json.code, json.severity, json.hint, json.routine], ['', '', null, null])
    assert.equal(headers.get('proxy-error-code'), 'password_refused')
  }
})

test('a role that may not log in is refused as if its password were wrong', async () => {
  const { sqlUrl } = await local.proxy.another({ env: { PROXY_PASSWORD_ROLES: 'anonymous' } })
  const { json } = await local.ask(WHO, { sqlUrl, user: 'anonymous', password: 'x' })
  assert.equal(json.message, `password authentication failed for user 'anonymous'`)
})

test('a changed password works immediately, and the old one opens no new session', async () => {
  const role = `changing_${process.pid}`
  await local.proxy.asOwner(`create role ${role} login password 'old'`)
  const { sqlUrl } = await local.proxy.another({ env: { PROXY_PASSWORD_ROLES: role } })
  const ask = async (password: string) =>
    (await local.ask(WHO, { sqlUrl, user: role, password })).status
  assert.equal(await ask('new'), 400)
  await local.proxy.asOwner(`alter role ${role} password 'new'`)
  assert.deepEqual([await ask('new'), await ask('old')], [200, 400])
  await local.proxy.asOwner(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = '${role}'`,
  )
  await local.proxy.asOwner(`drop role ${role}`)
})

test('a token takes precedence over a password', async () => {
  const token = await local.proxy.issuer.token('alice')
  const { json } = await local.ask(WHO, { token })
  assert.equal(json.message, `password authentication failed for user '${local.keeper}'`)
  const mine = await local.ask(WHO, { token, user: 'authenticated', password: 'whatever' })
  assert.deepEqual(mine.json.rows, [{ role: 'authenticated' }])
})

test('names and passwords may contain any character', async () => {
  const odd = [
    [`http+auth$$_${process.pid}`, '%+$^&*@!'],
    [`ränd ömß_${process.pid}`, 'pässwört 😀/:?#[]@\\\'"'],
  ] as const
  const { sqlUrl } = await local.proxy.another({
    env: { PROXY_PASSWORD_ROLES: odd.map(([user]) => user).join() },
  })
  for (const [user, password] of odd) {
    await local.proxy.asOwner(
      `create role "${user}" login password '${password.replace("'", "''")}'`,
    )
    const { json } = await local.ask(WHO, { sqlUrl, user, password })
    assert.deepEqual(json.rows, [{ role: user }], user)
    await local.proxy.asOwner(`drop role "${user}"`)
  }
})

test('any existing database may be named; a missing one gets Postgres’ own error', async () => {
  const database = `my db/${process.pid} #1`
  const created = await local.ask(`create database "${database}"`)
  assert.deepEqual([created.json.command, created.json.rowCount], ['CREATE', null])
  const { json } = await local.ask('select current_database() as name', { database })
  assert.deepEqual(json.rows, [{ name: database }])
  const missing = await local.ask(WHO, { database: 'nowhere' })
  assert.equal(missing.status, 400)
  assert.deepEqual(
    [missing.json.code, missing.json.message],
    ['3D000', 'database "nowhere" does not exist'],
  )
  assert.equal((await local.ask(`drop database "${database}" with (force)`)).status, 200)
})

test('a web page may not use a password, unless its origin is allowed', async () => {
  const from = (origin: string) => local.ask(WHO, { headers: { origin } })
  for (const origin of ['https://evil.example', 'null', `${APP_ORIGIN}.evil.example`]) {
    const { status, headers } = await from(origin)
    assert.equal(status, 400)
    assert.equal(headers.get('proxy-error-code'), 'origin_refused')
    assert.equal(headers.get('access-control-allow-origin'), null)
  }
  assert.equal((await from(APP_ORIGIN)).status, 200)
})

test('the log names the role once it has logged in, and never a password or a guess', async () => {
  local.proxy.log.length = 0
  await local.ask(WHO)
  await local.ask(WHO, { user: 'guessed-user', password: 'guessed-password' })
  assert.deepEqual(
    local.proxy.log.map(({ role, status, code }) => [role, status, code]),
    [
      [local.keeper, 200, undefined],
      [null, 400, 'password_refused'],
    ],
  )
  assert.ok(!JSON.stringify(local.proxy.log).includes('guessed'))
})
