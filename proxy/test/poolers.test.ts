/** A connection pooler that shares sessions is detected at login. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startPooler, type PoolerOptions } from './testing/pooler'
import { startTestProxy, type TestProxy } from './testing/proxy'

let proxy: TestProxy
before(async () => {
  proxy = await startTestProxy()
})
after(async () => {
  await proxy.asOwner('drop role if exists migrator')
  await proxy.stop()
})

async function behind(
  options: PoolerOptions,
  work: (sqlUrl: string, url: string) => Promise<void>,
) {
  const pooler = await startPooler(proxy.authenticatorUrl, options)
  const one = await proxy.another({ env: { PROXY_DATABASE_URL: pooler.url } })
  await work(one.sqlUrl, one.url)
  await one.close()
  pooler.close()
}

test('sessions without the settings of their login serve no request, and the refusal says why', async () => {
  await behind({ dropsOptions: true, sharesBackend: false }, async (sqlUrl, url) => {
    const { status, json } = await proxy.post({ query: 'select 1' }, { sqlUrl })
    assert.equal(status, 500)
    assert.match(String(json.message), /connection pooler .* lead to Postgres itself/)
    const ready = await fetch(`${url}/readyz`)
    assert.equal(ready.status, 503)
    assert.match(await ready.text(), /connection pooler/)
  })
})

test('sessions that share a backend are detected even if it has the settings', async () => {
  await behind({ dropsOptions: false, sharesBackend: true }, async (sqlUrl) => {
    const answers = await Promise.all(
      ['alice', 'bob', 'carol'].map(async (user) =>
        proxy.post(
          { query: 'select auth.user_id() as "user"' },
          { sqlUrl, token: await proxy.issuer.token(user) },
        ),
      ),
    )
    for (const [i, { status, json }] of answers.entries()) {
      if (status !== 200) assert.match(String(json.message), /connection pooler/)
      else assert.deepEqual(json.rows, [{ user: ['alice', 'bob', 'carol'][i] }])
    }
  })
})

test('an intermediary that passes each session on may report another process id at login', async () => {
  await behind({ dropsOptions: false, sharesBackend: false }, async (sqlUrl) => {
    assert.equal((await proxy.post({ query: 'select 1' }, { sqlUrl })).status, 200)
  })
})

test('the same applies to roles with a password', async () => {
  await proxy.asOwner(`create role migrator login password 'secret'`)
  const pooler = await startPooler(proxy.authenticatorUrl, {
    dropsOptions: true,
    sharesBackend: false,
  })
  const one = await proxy.another({
    env: { PROXY_DATABASE_URL: pooler.url, PROXY_PASSWORD_ROLES: 'migrator' },
  })
  const { pathname } = new URL(proxy.ownerUrl)
  const told = await proxy.post(
    { query: 'select 1' },
    {
      sqlUrl: one.sqlUrl,
      token: null,
      headers: { 'neon-connection-string': `postgresql://migrator:secret@localhost${pathname}` },
    },
  )
  assert.match(String(told.json.message), /connection pooler/)
  pooler.close()
})
