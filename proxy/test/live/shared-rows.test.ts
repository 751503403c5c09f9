/** Rows that users share: a change reaches all members, new and former ones included, and no other user. */
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { openLive, untilNoneIsOpen, type LiveClient } from '../testing/live-client'
import { ROOMS } from '../testing/live-tables'
import { startTestProxy, type TestProxy } from '../testing/proxy'

const USERS = ['alice', 'bob', 'carol'] as const
type User = (typeof USERS)[number]

/** The same, with a function whose tables the catalog does not know. */
const IN_PLPGSQL = `
  create or replace function my_rooms() returns setof int
  language plpgsql stable security definer set search_path = '' as $$ begin return query
    select room_id from public.room_members where user_id = (select auth.user_id()); end $$;
  select private.declare_reads('my_rooms()', array['room_members']::regclass[]);`

for (const [language, change] of [
  ['SQL', ''],
  ['PL/pgSQL', IN_PLPGSQL],
] as const) {
  describe(`with a function in ${language}`, () => {
    let proxy: TestProxy
    before(async () => {
      proxy = await startTestProxy({ env: { PROXY_LIVE: 'on' } })
      await proxy.asOwner(ROOMS)
      if (change !== '') await proxy.asOwner(change)
    })
    after(() => proxy.stop())

    let clients: Record<User, LiveClient>
    const shown = async (user: User) => (await clients[user].rows()).map(({ body }) => body)

    beforeEach(async () => {
      await untilNoneIsOpen(proxy)
      await proxy.asOwner('truncate rooms, room_members, messages')
      // Alice shares 1 with Bob; 2 is Carol's.
      await proxy.asOwner(`insert into rooms values (1, 'alice'), (2, 'carol');
        insert into room_members values (1, 'alice'), (1, 'bob'), (2, 'carol')`)
      const query = 'select body from messages order by body'
      const opened = await Promise.all(USERS.map((user) => openLive(proxy, query, { user })))
      clients = Object.fromEntries(USERS.map((user, i) => [user, opened[i]])) as typeof clients
      for (const user of USERS) assert.deepEqual(await shown(user), [])
    })
    afterEach(() => {
      for (const client of Object.values(clients)) client.close()
    })

    const runs = () => proxy.live?.runs ?? 0

    test('a message reaches each member, and runs for no other user', async () => {
      const before = runs()
      await proxy.asOwner(`insert into messages (room_id, body) values (1, 'first')`)
      assert.deepEqual(await shown('alice'), ['first'])
      assert.deepEqual(await shown('bob'), ['first'])
      assert.equal(runs() - before, 2)
      assert.equal(clients.carol.waiting(), 0)
    })

    test('a member who adds one reaches the others', async () => {
      const { status } = await proxy.post(
        { query: `insert into messages (room_id, body) values (1, 'by bob')` },
        { token: await proxy.issuer.token('bob') },
      )
      assert.equal(status, 200)
      assert.deepEqual(await shown('alice'), ['by bob'])
    })

    test('a new member gets what is there, and what comes from then on', async () => {
      await proxy.asOwner(`insert into messages (room_id, body) values (1, 'old')`)
      await proxy.asOwner(`insert into room_members values (1, 'carol')`)
      assert.deepEqual(await shown('carol'), ['old'])
      await proxy.asOwner(`update messages set body = 'new'`)
      assert.deepEqual(await shown('carol'), ['new'])
    })

    test('a room with its first message, in one transaction, reaches its member', async () => {
      await proxy.asOwner(`begin; insert into rooms values (3, 'bob');
        insert into messages (room_id, body) values (3, 'both');
        insert into room_members values (3, 'bob'); commit`)
      assert.deepEqual(await shown('bob'), ['both'])
    })

    test('a removed member loses all of it, and hears nothing more', async () => {
      await proxy.asOwner(`insert into messages (room_id, body) values (1, 'secret')`)
      assert.deepEqual([await shown('alice'), await shown('bob')], [['secret'], ['secret']])
      await proxy.asOwner(`delete from room_members where user_id = 'bob'`)
      assert.deepEqual(await shown('bob'), [])
      const before = runs()
      await proxy.asOwner(`update messages set body = 'more'`)
      assert.deepEqual(await shown('alice'), ['more'])
      await proxy.asOwner(`update messages set body = 'most'`)
      assert.deepEqual(await shown('alice'), ['most'])
      // Alice's query looks up her rooms when a member leaves, and then runs once for each change.
      assert.ok(runs() - before <= 5, String(runs() - before))
      assert.equal(clients.bob.waiting(), 0)
    })

    test('a message that moves to another room leaves some and reaches others', async () => {
      await proxy.asOwner(`insert into messages (room_id, body) values (1, 'moves')`)
      assert.deepEqual([await shown('alice'), await shown('bob')], [['moves'], ['moves']])
      await proxy.asOwner('update messages set room_id = 2')
      for (const user of ['alice', 'bob'] as const) assert.deepEqual(await shown(user), [])
      assert.deepEqual(await shown('carol'), ['moves'])
    })

    test('a deleted room takes its messages with it', async () => {
      await proxy.asOwner(`insert into messages (room_id, body) values (1, 'goes')`)
      assert.deepEqual(await shown('bob'), ['goes'])
      await proxy.asOwner('delete from rooms where id = 1')
      assert.deepEqual(await shown('bob'), [])
    })
  })
}
