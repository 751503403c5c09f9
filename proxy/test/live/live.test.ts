/** A live query answers like any other, and again whenever the answer has changed for its user. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { nowSeconds } from '../testing/issuer'
import { openLive, refusedLive, untilNoneIsOpen, type LiveClient } from '../testing/live-client'
import { NOTES } from '../testing/live-tables'
import { startTestProxy, type TestProxy } from '../testing/proxy'
import { until } from '../testing/until'

const QUERY = 'select id, body from notes order by id'

let folder: string
let revoked: string
let proxy: TestProxy
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'live-'))
  revoked = join(folder, 'revoked')
  writeFileSync(revoked, '')
  proxy = await startTestProxy({ env: { PROXY_LIVE: 'on', PROXY_REVOKED: revoked } })
  await proxy.asOwner(NOTES)
})
after(async () => {
  await proxy.stop()
  rmSync(folder, { recursive: true })
})
beforeEach(async () => {
  await untilNoneIsOpen(proxy)
  await proxy.asOwner('truncate notes')
})

const write = async (query: string, user = 'alice') => {
  const posted = await proxy.post({ query }, { token: await proxy.issuer.token(user) })
  assert.equal(posted.status, 200, posted.text)
}
const bodies = async (client: LiveClient) => (await client.rows()).map(({ body }) => body)

/** Runs a change, and something that certainly is an event after it: what is in between would have come first. */
async function sendsNothingFor(client: LiveClient, change: () => Promise<unknown>): Promise<void> {
  await change()
  await write(`insert into notes (body) values ('marker')`)
  assert.ok((await bodies(client)).includes('marker'))
}

describe('the answers', () => {
  test('begin with what the same request gets as JSON, to the byte', async () => {
    await write(`insert into notes (body) values ('a'), ('b "c" \n d')`)
    const client = await openLive(proxy, QUERY)
    const { text } = await proxy.post({ query: QUERY })
    const first = await client.next()
    assert.equal(first?.event, 'answer')
    assert.ok(client.text().includes(`\ndata: ${text}\n\n`))
    client.close()
  })

  test('have the headers of a stream that nothing may store, collect or compress', async () => {
    const client = await openLive(proxy, QUERY, { headers: { origin: 'http://localhost:3000' } })
    assert.equal(client.status, 200)
    assert.deepEqual(
      ['content-type', 'cache-control', 'x-accel-buffering', 'access-control-allow-origin'].map(
        (name) => client.headers.get(name),
      ),
      ['text/event-stream', 'no-store, no-transform', 'no', 'http://localhost:3000'],
    )
    client.close()
  })

  test('follow every insert, update and delete, and TRUNCATE', async () => {
    const client = await openLive(proxy, QUERY)
    assert.deepEqual(await bodies(client), [])
    await write(`insert into notes (body) values ('one')`)
    assert.deepEqual(await bodies(client), ['one'])
    await write(`update notes set body = 'two'`)
    assert.deepEqual(await bodies(client), ['two'])
    await write(
      `merge into notes using (values ('three')) v (body) on false when not matched then insert (body) values (v.body)`,
    )
    assert.deepEqual(await bodies(client), ['two', 'three'])
    await write(`delete from notes where body = 'two'`)
    assert.deepEqual(await bodies(client), ['three'])
    await proxy.asOwner('truncate notes')
    assert.deepEqual(await bodies(client), [])
    client.close()
  })

  test('follow a row to its new owner, and away from the old one', async () => {
    await write(`insert into notes (body) values ('moves')`)
    const alice = await openLive(proxy, QUERY)
    const bob = await openLive(proxy, QUERY, { user: 'bob' })
    assert.deepEqual([await bodies(alice), await bodies(bob)], [['moves'], []])
    await proxy.asOwner(`update notes set user_id = 'bob'`)
    assert.deepEqual([await bodies(alice), await bodies(bob)], [[], ['moves']])
    alice.close()
    bob.close()
  })

  test('come with their parameters and options', async () => {
    await write(`insert into notes (body) values ('a'), ('c')`)
    const body = { query: 'select body from notes where body > $1 order by 1', params: ['b'] }
    const client = await openLive(proxy, body, { headers: { 'neon-array-mode': 'true' } })
    assert.deepEqual(await client.rows(), [['c']])
    await write(`insert into notes (body) values ('b1'), ('a1')`)
    assert.deepEqual(await client.rows(), [['b1'], ['c']])
    client.close()
  })

  test('are sent only when they differ from the last one', async () => {
    await write(`insert into notes (body) values ('same')`)
    const client = await openLive(proxy, 'select body from notes order by body')
    await client.rows()
    await sendsNothingFor(client, () => write(`update notes set body = body`))
    client.close()
  })

  test('are not repeated to a client that comes back with Last-Event-ID', async () => {
    await write(`insert into notes (body) values ('kept')`)
    const first = await openLive(proxy, QUERY)
    const { id = '' } = (await first.next()) ?? {}
    first.close()
    const again = await openLive(proxy, QUERY, { headers: { 'last-event-id': id } })
    await sendsNothingFor(again, () => Promise.resolve())
    again.close()
    const other = await openLive(proxy, QUERY, { headers: { 'last-event-id': id } })
    assert.deepEqual(await bodies(other), ['kept', 'marker'])
    other.close()
  })

  test('come soon after the commit, and never before it', async () => {
    const client = await openLive(proxy, QUERY)
    await client.rows()
    await proxy.asOwner(`begin; insert into notes (user_id, body) values ('alice', 'open')`)
    const { rows } = (await proxy.post({ query: QUERY })).json
    assert.deepEqual(rows, [])
    assert.equal(client.waiting(), 0)
    await proxy.asOwner('commit')
    assert.deepEqual(await bodies(client), ['open'])
    client.close()
  })

  test('of many changes in a short time are few, and the last one is right', async () => {
    const client = await openLive(proxy, 'select count(*)::int as n from notes')
    await client.rows()
    const before = proxy.live?.runs ?? 0
    const started = performance.now()
    for (let i = 0; i < 100; i++) await write(`insert into notes (body) values ('${i}')`)
    for (let n: unknown = 0; n !== 100;) n = (await client.rows())[0]?.n
    const seconds = (performance.now() - started) / 1_000
    assert.ok((proxy.live?.runs ?? 0) - before <= seconds * 20 + 2)
    client.close()
  })
})

describe('other users', () => {
  test('change nothing, and do not even run the query', async () => {
    const alice = await openLive(proxy, QUERY)
    const carol = await openLive(proxy, QUERY, { user: 'carol' })
    for (const client of [alice, carol]) await client.rows()
    const before = proxy.live?.runs ?? 0
    await write(`insert into notes (body) values ('hidden'), ('more')`, 'bob')
    await write(`update notes set body = 'changed'`, 'bob')
    await write('delete from notes', 'bob')
    // Notifications come in the order of their commits: what Bob has done was heard before this.
    await write(`insert into notes (body) values ('seen by carol')`, 'carol')
    assert.deepEqual(await bodies(carol), ['seen by carol'])
    assert.equal((proxy.live?.runs ?? 0) - before, 1)
    assert.equal(alice.waiting(), 0)
    for (const client of [alice, carol]) client.close()
  })

  test('never see each other’s answers to the same statement', async () => {
    const clients = await Promise.all(
      ['alice', 'bob'].map((user) =>
        openLive(proxy, 'select auth.user_id() as who from notes', { user }),
      ),
    )
    for (const client of clients) assert.deepEqual(await client.rows(), [])
    await write(`insert into notes (body) values ('a')`)
    await write(`insert into notes (body) values ('b')`, 'bob')
    assert.deepEqual(await clients[0]?.rows(), [{ who: 'alice' }])
    assert.deepEqual(await clients[1]?.rows(), [{ who: 'bob' }])
    for (const client of clients) client.close()
  })
})

test('many tabs of one user share each run', async () => {
  const clients = await Promise.all(Array.from({ length: 8 }, () => openLive(proxy, QUERY)))
  for (const client of clients) await client.rows()
  assert.equal(proxy.live?.size, 1)
  const before = proxy.live.runs
  await write(`insert into notes (body) values ('for all')`)
  for (const client of clients) assert.deepEqual(await bodies(client), ['for all'])
  assert.equal(proxy.live.runs - before, 1)
  for (const client of clients) client.close()
})

test('tokens with other claims share no run, because the answer may depend on them', async () => {
  const query = `select auth.session() ->> 'team' as team from (select count(*) from notes) as n`
  const clients = await Promise.all(
    ['red', 'blue'].map(async (team) =>
      openLive(proxy, query, { token: await proxy.issuer.token('alice', { team }) }),
    ),
  )
  assert.deepEqual(await clients[0]?.rows(), [{ team: 'red' }])
  assert.deepEqual(await clients[1]?.rows(), [{ team: 'blue' }])
  for (const client of clients) client.close()
})

describe('a token', () => {
  test('ends the stream when it ends, with a last event that says so', async () => {
    const exp = nowSeconds() - 29
    const client = await openLive(proxy, QUERY, {
      token: await proxy.issuer.token('alice', { exp }),
    })
    await client.rows()
    const last = await client.next()
    assert.equal(last?.event, 'end')
    assert.match(String(last.data.message), /JWT token has expired/)
    assert.equal(Object.keys(last.data).length, 17)
    assert.equal(await client.next(), undefined)
  })

  test('that is revoked ends its stream at once, and no other', async () => {
    const sid = 'sess_1'
    const lost = await openLive(proxy, QUERY, { token: await proxy.issuer.token('alice', { sid }) })
    const kept = await openLive(proxy, QUERY)
    await lost.rows()
    await kept.rows()
    writeFileSync(revoked, `sid:${sid}\n`)
    const last = await lost.next()
    assert.deepEqual([last?.event, last?.data.message], ['end', 'JWT token has been revoked'])
    await write(`insert into notes (body) values ('still here')`)
    assert.deepEqual(await bodies(kept), ['still here'])
    kept.close()
    writeFileSync(revoked, '')
  })

  test('that is refused gets the usual error', async () => {
    const { status, headers } = await refusedLive(proxy, QUERY, { token: 'x.y.z' })
    assert.deepEqual([status, headers.get('proxy-error-code')], [400, 'token_malformed'])
  })
})

describe('the schema', () => {
  const changing = async (
    change: string,
    undo: string,
    run: (client: LiveClient) => Promise<void>,
  ) => {
    await write(`insert into notes (body) values ('row')`)
    const client = await openLive(proxy, QUERY)
    await client.rows()
    await proxy.asOwner(change)
    try {
      await run(client)
    } finally {
      await proxy.asOwner(undo)
      client.close()
    }
  }

  test('a changed policy changes the answer', () =>
    changing(
      `alter policy own on notes using ((select auth.user_id()) = user_id and body <> 'row')`,
      `alter policy own on notes using ((select auth.user_id()) = user_id)`,
      async (client) => {
        assert.deepEqual(await bodies(client), [])
      },
    ))

  test('a right that is taken away ends it, with the error of the statement', () =>
    changing(
      'revoke select on notes from authenticated',
      'grant select on notes to authenticated',
      async (client) => {
        const last = await client.next()
        assert.equal(last?.event, 'error')
        assert.equal(last.data.code, '42501')
        assert.equal(await client.next(), undefined)
      },
    ))

  test('a table that is not watched any more ends it', () =>
    changing(
      `select private.watch_rows('notes', null, null)`,
      `select private.watch_rows('notes', array['user_id'], array[null])`,
      async (client) => {
        const last = await client.next()
        assert.equal(last?.event, 'error')
        assert.match(String(last.data.message), /nothing tells of changes in public\.notes/)
      },
    ))

  test('a policy that asks for more than the keys wakes every query, so that nothing is missed', () =>
    changing(
      `alter policy own on notes using ((select auth.user_id()) = user_id or body like 'public%')`,
      `alter policy own on notes using ((select auth.user_id()) = user_id)`,
      async (client) => {
        await write(`insert into notes (body) values ('public news')`, 'bob')
        assert.deepEqual(await bodies(client), ['row', 'public news'])
      },
    ))
})

describe('what cannot be a live query is refused, with a reason:', () => {
  const REFUSED: readonly (readonly [what: string, query: string, says: RegExp])[] = [
    ['a write', `insert into notes (body) values ('x') returning id`, /only a SELECT/],
    ['a write in WITH', `with x as (delete from notes returning 1) select 1`, /only a SELECT/],
    ['row locks', 'select 1 from notes for update', /only a SELECT/],
    ['random numbers', 'select random() from notes', /another result each time/],
    ['the time', 'select now() from notes', /change with the time/],
    ['the date', 'select current_date from notes', /change with the time/],
    [
      'the time in a constant',
      `select 1 from notes where 'today'::date > '2020-01-01'`,
      /change with the time/,
    ],
    [
      'a table that is not watched',
      'select 1 from loose',
      /nothing tells of changes in public\.loose/,
    ],
    ['a view of one', 'select 1 from loosely', /nothing tells of changes in public\.loose/],
    [
      'a function of unknown tables',
      'select 1 from guarded',
      /tables that the function .* reads are unknown/,
    ],
    ['a materialized view', 'select 1 from counted', /not a plain table/],
  ]
  before(() =>
    proxy.asOwner(`create table loose (i int); create view loosely as select i from loose;
      create table guarded (i int); alter table guarded enable row level security;
      create function is_open() returns boolean language sql stable as 'select exists (select from loose)';
      create policy p on guarded for select to authenticated using (is_open());
      select private.watch_rows('guarded', array['i'], array[null]);
      create materialized view counted as select count(*) from notes;
      grant select on loose, loosely, guarded, counted to authenticated`),
  )
  for (const [what, query, says] of REFUSED) {
    test(what, async () => {
      const { status, json, headers } = await refusedLive(proxy, query)
      assert.equal(status, 400)
      assert.equal(headers.get('proxy-error-code'), 'live_refused', JSON.stringify(json))
      assert.match(String(json.message), says)
    })
  }

  test('a batch', async () => {
    const { json } = await refusedLive(proxy, { queries: [{ query: QUERY }] })
    assert.match(String(json.message), /a batch has no single answer/)
  })

  test('a statement that the gate or Postgres refuses gets the usual error', async () => {
    assert.equal((await refusedLive(proxy, 'select 1 from pg_class')).json.code, '42501')
    assert.equal((await refusedLive(proxy, 'select nothing from notes')).json.code, '42703')
  })
})

test('a user may have so many, and no more; one that has ended makes room', async () => {
  const { sqlUrl, close } = await proxy.another({
    env: { PROXY_LIVE: 'on', PROXY_LIVE_PER_USER: '2' },
  })
  const clients = [
    await openLive(proxy, QUERY, { sqlUrl }),
    await openLive(proxy, QUERY, { sqlUrl }),
  ]
  const { status, headers } = await refusedLive(proxy, QUERY, { sqlUrl })
  assert.deepEqual([status, headers.get('proxy-error-code')], [429, 'too_many_requests'])
  const bob = await openLive(proxy, QUERY, { sqlUrl, user: 'bob' })
  assert.deepEqual(await bob.rows(), [])
  clients[0]?.close()
  for (let isFree = false; !isFree;) {
    const next = await openLive(proxy, QUERY, { sqlUrl })
    isFree = next.status === 200
    next.close()
  }
  await close()
  assert.equal((await bob.next())?.event, 'end')
})

/** Opens a live query whose answer is not read before `text` is called. */
async function openUnread(query: string) {
  const outgoing = request(proxy.sqlUrl, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      authorization: `Bearer ${await proxy.issuer.token('alice')}`,
      'neon-connection-string': proxy.connectionString,
    },
  })
  outgoing.end(JSON.stringify({ query }))
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
  return {
    /** Reads until the text contains this, or the stream has ended. */
    text: async (wanted: string) => {
      let text = ''
      for await (const chunk of incoming.setEncoding('utf8')) {
        text += String(chunk)
        if (text.includes(wanted)) break
      }
      outgoing.destroy()
      return text
    },
  }
}

describe('a client that does not read', () => {
  /** More than the buffers of both sockets hold. */
  const FILL = `insert into notes (user_id, body) select 'alice', repeat('x', 2000) from generate_series(1, 4000)`
  const change = (i: number) =>
    write(`update notes set body = 'change ${i}' where id = (select min(id) from notes)`)

  test('misses answers, but not the last one', async () => {
    await proxy.asOwner(FILL)
    const slow = await openUnread(QUERY)
    const quick = await openLive(proxy, 'select body from notes order by id limit 1')
    await quick.rows()
    for (let i = 1; i <= 5; i++) {
      await change(i)
      assert.deepEqual(await bodies(quick), [`change ${i}`])
    }
    const text = await slow.text('change 5')
    assert.ok(text.includes('change 5'))
    assert.ok([...text.matchAll(/^id: /gm)].length <= 3)
    quick.close()
  })
})

describe('with PROXY_LIVE off', () => {
  test('a request for events is refused, and any other gets its answer', async () => {
    const { sqlUrl } = await proxy.another({})
    const { status, headers } = await refusedLive(proxy, QUERY, { sqlUrl })
    assert.deepEqual([status, headers.get('proxy-error-code')], [406, 'live_off'])
    const posted = await proxy.post({ query: QUERY }, { sqlUrl, headers: { accept: '*/*' } })
    assert.equal(posted.status, 200)
  })
})

test('the access log has one line for a stream, when it is over', async () => {
  const log = proxy.log.length
  const client = await openLive(proxy, QUERY)
  await client.rows()
  assert.equal(proxy.log.length, log)
  client.close()
  await until(async () => {
    await proxy.asOwner('select 1')
    return proxy.log.length > log
  })
  assert.deepEqual([proxy.log.at(-1)?.role, proxy.log.at(-1)?.status], ['authenticated', 200])
})
