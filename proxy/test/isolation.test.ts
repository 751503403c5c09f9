import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openGate } from '../src/gate/gate'
import { forgedSession } from './testing/arena'
import { nowSeconds } from './testing/issuer'
import { startTestProxy, type OneProxy, type Posted, type TestProxy } from './testing/proxy'

const CANARY = 'alice keeps a canary'

let proxy: TestProxy
let gated: OneProxy
/** Without the gate and with one session, so that Alice gets whatever Bob leaves. */
let open: OneProxy
before(async () => {
  proxy = await startTestProxy()
  const env = { PROXY_POOL_SIZE: '1' }
  gated = await proxy.another({ env })
  open = await proxy.another({ env, overrides: { gate: openGate } })
  await proxy.asOwner(`insert into memos (user_id, body) values ('alice', $1)`, [CANARY])
})
after(() => proxy.stop())

const bob = async (where: OneProxy, query: string, ...more: string[]) =>
  proxy.post(
    more.length === 0 ? { query } : { queries: [query, ...more].map((q) => ({ query: q })) },
    {
      sqlUrl: where.sqlUrl,
      token: await proxy.issuer.token('bob'),
    },
  )
const alice = (where: OneProxy, query: string) => proxy.post({ query }, { sqlUrl: where.sqlUrl })

/** Checks that Alice's row is unchanged and hers, and that Bob's answer does not contain it. */
async function assertUnharmed(...told: Posted[]) {
  for (const { text } of told) assert.ok(!text.includes('canary'), text)
  const rows = await proxy.asOwner(
    `select user_id, body, is_archived from memos where user_id <> 'bob'`,
  )
  assert.deepEqual(rows, [{ user_id: 'alice', body: CANARY, is_archived: false }])
}

describe('with the gate off, the other layers hold on their own', () => {
  test('claims forged with set_config are refused by the roles', async () => {
    const told = await bob(
      open,
      `select set_config('auth.session_token', '${forgedSession()}', true)`,
    )
    assert.equal(told.json.code, '42501')
    await assertUnharmed(told)
  })

  test('claims forged with SET are refused by their seal, in a batch too', async () => {
    const told = await bob(
      open,
      `set local auth.session_token = '${forgedSession()}'`,
      `select * from memos`,
    )
    assert.equal(told.json.code, '28000')
    const own = await bob(
      open,
      `set local request.jwt.claims = '{"sub":"alice"}'`,
      `select auth.user_id()`,
    )
    assert.match(own.text, /"bob"/)
    await assertUnharmed(told, own)
  })

  test('without claims, a request is anonymous and sees nothing', async () => {
    const told = await bob(open, `set local auth.session_token = ''`, `select * from memos`)
    await assertUnharmed(told)
  })

  test('RESET ROLE leads to a login that may read nothing', async () => {
    for (const sql of [
      'reset role',
      'set role authenticator',
      'set session authorization default',
      'set role none',
    ]) {
      const told = await bob(open, sql, `select * from memos`)
      assert.equal(told.json.code, '42501', sql)
      await assertUnharmed(told)
    }
  })

  test('no user becomes a role that owns something', async () => {
    for (const sql of [
      'set role postgres',
      'set session authorization postgres',
      'set role pg_read_all_data',
    ]) {
      const told = await bob(open, sql, `select * from memos`)
      assert.equal(told.status, 400, sql)
      await assertUnharmed(told)
    }
  })

  test('a COMMIT inside a batch ends the identity, and with it all rights', async () => {
    const told = await bob(open, 'commit', 'select * from memos')
    assert.equal(told.json.code, '42501')
    await assertUnharmed(told)
  })

  test('a temporary table cannot shadow the real one', async () => {
    const told = await bob(open, `create temp table memos (user_id text, body text)`)
    assert.equal(told.json.code, '42501')
    assert.match((await alice(open, `select body from memos`)).text, /canary/)
  })

  test('functions and tables for others to use cannot be created', async () => {
    for (const sql of [
      `create function public.lower(text) returns text language sql as 'select 1'`,
      `create table public.x (a int)`,
      `create schema x`,
    ]) {
      assert.equal((await bob(open, sql)).json.code, '42501', sql)
    }
  })

  test('the key that seals identities cannot be read', async () => {
    for (const sql of [
      'select * from private.session_keys',
      `select pg_read_file('/etc/passwd')`,
    ]) {
      assert.equal((await bob(open, sql)).json.code, '42501', sql)
    }
  })

  test('row security cannot be switched off', async () => {
    const told = await bob(open, `set local row_security = off`, `select * from memos`)
    assert.equal(told.json.code, '42501')
    await assertUnharmed(told)
  })

  test('several statements in one string are refused', async () => {
    const told = await bob(open, `select 1; select * from memos`)
    assert.equal(told.json.code, '42601')
  })
})

describe('no state of one request is left for the next on the same session', () => {
  test('a pipelined request behind another user’s runs as its own user', async () => {
    for (let i = 0; i < 5; i++) {
      const who = `select auth.user_id() as id`
      assert.deepEqual((await bob(gated, who)).json.rows, [{ id: 'bob' }])
      assert.deepEqual((await alice(gated, who)).json.rows, [{ id: 'alice' }])
    }
  })

  test('a statement that failed leaves no identity behind', async () => {
    await bob(gated, 'select 1 / 0')
    await bob(gated, 'select 1 / 0', 'select 1')
    assert.deepEqual((await alice(gated, 'select auth.user_id() as id')).json.rows, [
      { id: 'alice' },
    ])
  })
})

test('with the gate on, none of the statements above reaches Postgres', async () => {
  for (const sql of [
    `select set_config('auth.session_token', 'x', true)`,
    `set local auth.session_token = 'x'`,
    `reset role`,
    `commit`,
    `create temp table memos (a int)`,
    `select query from pg_stat_activity`,
    `select x.pg_cancel_backend from unnest(array[1]) x`,
    `select * from private.session_keys`,
    `set row_security = off`,
    `listen x`,
  ]) {
    const told = await bob(gated, sql)
    assert.equal(told.headers.get('proxy-error-code'), 'statement_refused', sql)
  }
})

test('a missing, a forged and an expired token get nothing', async () => {
  const query = 'select * from memos'
  const [header = '', , signature = ''] = (await proxy.issuer.token('bob')).split('.')
  const claims = { iss: proxy.issuer.url, sub: 'alice', exp: nowSeconds() + 60 }
  const stitched = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`
  const expired = await proxy.issuer.token('alice', { exp: nowSeconds() - 60 })
  for (const token of [null, '', 'nonsense', stitched, expired]) {
    const told = await proxy.post({ query }, { token })
    assert.equal(told.status, 400)
    await assertUnharmed(told)
  }
})
