/** Live queries tell nobody about others, with every other layer off, too. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { Client } from 'pg'
import { openGate } from '../../src/gate/gate'
import { openLive, refusedLive, untilNoneIsOpen } from '../testing/live-client'
import { NOTES } from '../testing/live-tables'
import { startTestProxy, type OneProxy, type TestProxy } from '../testing/proxy'

const QUERY = 'select body from notes order by id'

let proxy: TestProxy
let open: OneProxy
before(async () => {
  proxy = await startTestProxy({ env: { PROXY_LIVE: 'on' } })
  open = await proxy.another({ env: { PROXY_LIVE: 'on' }, overrides: { gate: openGate } })
  await proxy.asOwner(NOTES)
})
after(() => proxy.stop())
beforeEach(() => proxy.asOwner('truncate notes'))

const bobSends = async (query: string, sqlUrl = open.sqlUrl) =>
  proxy.post({ query }, { sqlUrl, token: await proxy.issuer.token('bob') })

/** What a client of the database hears on the channel while something happens. */
async function heard(url: string, during: () => Promise<unknown>): Promise<string[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const payloads: string[] = []
  client.on('notification', ({ payload = '' }) => payloads.push(payload))
  await client.query('listen sql_proxy_live')
  await during()
  await client.query('select 1')
  await client.end()
  return payloads
}

describe('a notification', () => {
  const SECRET = 'a secret that nobody may hear of'

  test('carries no row, no value, and nothing from which a user’s id can be guessed', async () => {
    const payloads = await heard(proxy.authenticatorUrl, async () => {
      await proxy.asOwner(`insert into notes (user_id, body) values ('alice', $1)`, [SECRET])
      await proxy.asOwner(`update notes set user_id = 'bob'`)
    })
    assert.equal(payloads.length, 2)
    for (const payload of payloads) {
      assert.match(payload, /^\d+( [A-Za-z0-9+/]{16})+$/)
      assert.ok(!/alice|bob|secret/.test(payload))
    }
    // The same database with another session key has other keys for the same users.
    const changeKey = (from: string, to: string) =>
      proxy.asOwner('update private.session_keys set kid = $2 where kid = $1', [from, to])
    const [{ kid } = { kid: '' }] = await proxy.asOwner('select kid from private.session_keys')
    await proxy.asOwner(
      `insert into private.session_keys select '00000000', outer_pad, inner_pad from private.session_keys`,
    )
    await proxy.asOwner('delete from private.session_keys where kid <> $1', ['00000000'])
    const [other] = await heard(proxy.authenticatorUrl, () =>
      proxy.asOwner(`insert into notes (user_id, body) values ('alice', $1)`, [SECRET]),
    )
    assert.notEqual(other, payloads[0])
    await proxy.asOwner(
      'update private.session_keys set inner_pad = outer_pad, outer_pad = inner_pad',
    )
    await changeKey('00000000', String(kid))
  })
})

describe('Bob, through the gate,', () => {
  for (const query of [
    'listen sql_proxy_live',
    `notify sql_proxy_live, 'schema'`,
    `select pg_notify('sql_proxy_live', 'schema')`,
    'select * from auth.watched_tables()',
    'select * from auth.live_functions()',
    'select * from private.live_keys',
    `select private.watch_rows('notes', null, null)`,
  ]) {
    test(`is refused: ${query}`, async () => {
      assert.equal((await bobSends(query, proxy.sqlUrl)).json.code, '42501')
      assert.equal((await refusedLive(proxy, query, { user: 'bob' })).json.code, '42501')
    })
  }
})

describe('Bob, without the gate,', () => {
  for (const query of [
    `select pg_notify('sql_proxy_live', 'schema')`,
    'select * from auth.watched_tables()',
    'select * from auth.live_functions()',
    'select * from private.live_keys',
    `select private.watch_rows('notes', null, null)`,
    'select private.live_hashes(array[$$x$$])',
    'alter table notes disable trigger live_insert',
    'drop trigger live_insert on notes',
  ]) {
    test(`is refused by roles: ${query}`, async () => {
      assert.equal((await bobSends(query)).json.code, '42501')
    })
  }

  test('cannot make another statement than a read live', async () => {
    const { headers } = await refusedLive(proxy, 'select 1', { user: 'bob', sqlUrl: open.sqlUrl })
    assert.equal(headers.get('proxy-error-code'), 'live_refused')
  })

  test('forges notifications: others’ queries run in vain, a bounded number of times, and send nothing', async () => {
    const clients = await Promise.all(
      Array.from({ length: 10 }, (_, i) => openLive(proxy, QUERY, { user: `user ${i}` })),
    )
    for (const client of clients) await client.rows()
    const [{ oid } = { oid: '' }] = await proxy.asOwner(
      `select 'notes'::regclass::oid::text as oid`,
    )
    const before = proxy.live?.runs ?? 0
    const started = performance.now()
    for (let i = 0; i < 200; i++) {
      const payload = [
        'schema',
        `${String(oid)} *`,
        'nonsense',
        `${i} *`,
        `${String(oid)} ${'a'.repeat(16)}`,
      ][i % 5]
      assert.equal((await bobSends(`notify sql_proxy_live, '${payload ?? ''}'`)).status, 200)
    }
    // A true change after the flood is heard, so the flood has been dealt with.
    await proxy.asOwner(`insert into notes (user_id, body) values ('user 0', 'true')`)
    assert.deepEqual(await clients[0]?.rows(), [{ body: 'true' }])
    const turns = (performance.now() - started) / 50 + 2
    assert.ok((proxy.live?.runs ?? 0) - before <= turns * clients.length * 2)
    for (const client of clients.slice(1)) assert.equal(client.waiting(), 0)
    for (const client of clients) client.close()
  })

  test('listens, which ends with his request: the next user’s session hears nothing', async () => {
    assert.equal((await bobSends('listen sql_proxy_live')).status, 200)
    await proxy.asOwner(`insert into notes (user_id, body) values ('alice', 'x')`)
    const { text } = await bobSends('select count(*)::int as n from pg_listening_channels()')
    assert.match(text, /"n":0|permission denied/)
  })
})

test('whether hidden rows change cannot be told from a stream: the same bytes, and not one run more', async () => {
  const stream = async (during: () => Promise<unknown>) => {
    await untilNoneIsOpen(proxy)
    const client = await openLive(proxy, QUERY)
    await client.rows()
    const before = proxy.live?.runs ?? 0
    await during()
    // A change of the user's own ends the observation.
    await proxy.asOwner(`insert into notes (user_id, body) values ('alice', 'end')`)
    assert.deepEqual(await client.rows(), [{ body: 'end' }])
    const runs = (proxy.live?.runs ?? 0) - before
    const text = client.text()
    client.close()
    await proxy.asOwner('truncate notes')
    return { runs, text }
  }
  const quiet = await stream(() => Promise.resolve())
  const busy = await stream(async () => {
    for (let i = 0; i < 50; i++) {
      await proxy.asOwner(`insert into notes (user_id, body) values ('bob', 'hidden')`)
      await proxy.asOwner(`update notes set body = 'changed' where user_id = 'bob'`)
    }
    await proxy.asOwner(`delete from notes where user_id = 'bob'`)
  })
  assert.deepEqual(busy, quiet)
})
