/** The server side of Postgres' protocol over WebSocket, message by message. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { int32, message, text } from '../../src/session/to-client'
import { startTestProxy, type TestProxy } from '../testing/proxy'
import {
  bind,
  close,
  describe as describeMessage,
  errorOf,
  execute,
  FLUSH,
  logIn,
  openWebSocket,
  packet,
  parse,
  shown,
  simple,
  startup,
  SYNC,
  TERMINATE,
  type LoginOptions,
  type Wire,
} from '../testing/wire'

let proxy: TestProxy
let database: string
before(async () => {
  proxy = await startTestProxy({ env: { PROXY_WEBSOCKET: 'on', PROXY_POOL_SIZE: '4' } })
  database = new URL(proxy.ownerUrl).pathname.slice(1)
  await proxy.asOwner(`insert into memos (user_id, body) values ('bob', 'Bob’s own')`)
})
after(() => proxy.stop())

async function session(
  user = 'alice',
  options: Partial<LoginOptions> = {},
): Promise<{ wire: Wire; greeting: string[] }> {
  const wire = await openWebSocket(proxy.url)
  const password = await proxy.issuer.token(user)
  const greeting = shown(await logIn(wire, { password, database, ...options }))
  return { wire, greeting }
}

/** Sends, and reads up to the next ReadyForQuery. */
async function ask(wire: Wire, ...bytes: Buffer[]): Promise<string[]> {
  wire.send(...bytes)
  return shown(await wire.until('Z'))
}

describe('login', () => {
  test('asks for a password in clear, and reports settings and a key', async () => {
    const { wire, greeting } = await session()
    assert.equal(greeting[0], 'R')
    assert.equal(greeting[1], 'R')
    assert.deepEqual([...new Set(greeting.slice(2))], ['S', 'K', 'Z:I'])
    wire.close()
  })

  test('startup, password and first query may come in one frame, or byte by byte', async () => {
    const password = message('p', text(await proxy.issuer.token('alice')))
    const all = Buffer.concat([
      startup({ user: 'authenticated', database }),
      password,
      simple('select 1'),
    ])
    const together = await openWebSocket(proxy.url)
    together.send(all)
    await together.until('Z')
    assert.deepEqual(shown(await together.until('Z')), ['T', 'D:1', 'C:SELECT 1', 'Z:I'])
    together.close()
    const piecemeal = await openWebSocket(proxy.url)
    for (const byte of all) piecemeal.send(Buffer.from([byte]))
    await piecemeal.until('Z')
    assert.deepEqual(shown(await piecemeal.until('Z')), ['T', 'D:1', 'C:SELECT 1', 'Z:I'])
    piecemeal.close()
  })

  test('requests for encryption are declined', async () => {
    const wire = await openWebSocket(proxy.url)
    const first = new Promise((resolve) => wire.stream.once('data', resolve))
    wire.send(packet(80877103))
    assert.deepEqual(await first, Buffer.from('N'))
    wire.close()
  })

  for (const [what, options, code, words] of [
    [
      'a role that the token does not permit',
      { user: 'postgres' },
      '28000',
      /authentication failed/,
    ],
    ['another database', { database: 'other' }, '3D000', /database "other" does not exist/],
    ['a password that is no token', { password: 'secret' }, '28000', /JWT/],
    ['no password', { password: '' }, '28000', /missing authentication credentials/],
    ['a setting', { parameters: { search_path: 'mine' } }, '22023', /"search_path" may not be set/],
    ['an option', { parameters: { options: '-c row_security=off' } }, '22023', /"row_security"/],
    ['replication', { parameters: { replication: 'database' } }, '0A000', /not supported/],
  ] as const) {
    test(`refuses ${what}: ${code}`, async () => {
      const wire = await openWebSocket(proxy.url)
      const password = await proxy.issuer.token('alice')
      await assert.rejects(logIn(wire, { password, database, ...options }))
      wire.close()
      const again = await openWebSocket(proxy.url)
      const {
        parameters = {},
        user = 'authenticated',
        database: name = database,
      } = {
        ...(options as Partial<LoginOptions>),
      }
      const secret = (options as Partial<LoginOptions>).password ?? password
      again.send(startup({ user, database: name, ...parameters }), message('p', text(secret)))
      const error = (await again.rest()).find(({ type }) => type === 'E')
      assert.ok(error)
      const fields = errorOf(error.body)
      assert.equal(fields.C, code)
      assert.equal(fields.V, 'FATAL')
      assert.match(fields.M ?? '', words)
    })
  }

  test('3.2 has a key of 256 bits, an unknown version and option are negotiated', async () => {
    const wire = await openWebSocket(proxy.url)
    const password = await proxy.issuer.token('alice')
    const messages = await logIn(wire, { password, database, minor: 2 })
    assert.equal(messages.find(({ type }) => type === 'K')?.body.length, 4 + 32)
    wire.close()
    const newer = await openWebSocket(proxy.url)
    const parameters = { '_pq_.command_tag': 'x' }
    const [first] = await logIn(newer, { password, database, minor: 9, parameters })
    assert.equal(first?.type, 'v')
    assert.deepEqual(
      first.body,
      Buffer.concat([int32(0x00030002), int32(1), text('_pq_.command_tag')]),
    )
    newer.close()
  })

  test('what drivers send at their start is accepted', async () => {
    const parameters = {
      client_encoding: 'utf-8',
      DateStyle: 'ISO',
      TimeZone: 'Asia/Tokyo',
      extra_float_digits: '3',
      application_name: 'my app',
      options: '-c statement_timeout=1000',
    }
    const { wire } = await session('alice', { parameters })
    for (const [name, value] of [
      ['timezone', 'Asia/Tokyo'],
      ['application_name', 'my app'],
      ['statement_timeout', '1s'],
    ]) {
      assert.deepEqual(await ask(wire, simple(`show ${name ?? ''}`)), [
        'T',
        `D:${value ?? ''}`,
        'C:SHOW',
        'Z:I',
      ])
    }
    wire.close()
  })
})

describe('queries', () => {
  test('the simple protocol: rows, no rows, nothing, several, an error', async () => {
    const { wire } = await session()
    assert.deepEqual(await ask(wire, simple('select 1 as a, null as b')), [
      'T',
      'D:1,',
      'C:SELECT 1',
      'Z:I',
    ])
    assert.deepEqual(await ask(wire, simple(`insert into memos (body) values ('a')`)), [
      'C:INSERT 0 1',
      'Z:I',
    ])
    for (const nothing of ['', ' /* nothing */ ']) {
      assert.deepEqual(await ask(wire, simple(nothing)), ['I', 'Z:I'])
    }
    assert.deepEqual(await ask(wire, simple('select 1; select 2')), [
      ...['T', 'D:1', 'C:SELECT 1'],
      ...['T', 'D:2', 'C:SELECT 1', 'Z:I'],
    ])
    assert.deepEqual(await ask(wire, simple('select 1 / 0')), ['E:22012', 'Z:I'])
    assert.deepEqual(await ask(wire, simple('selec')), ['E:42601', 'Z:I'])
    assert.deepEqual(await ask(wire, simple('drop table memos')), ['E:42501', 'Z:I'])
    wire.close()
  })

  test('several statements of one message are one transaction', async () => {
    const { wire } = await session('carol')
    const two = `insert into memos (body) values ('one'); select 1 / 0`
    assert.deepEqual(await ask(wire, simple(two)), ['C:INSERT 0 1', 'E:22012', 'Z:I'])
    assert.deepEqual(await ask(wire, simple('select count(*)::int from memos')), [
      ...['T', 'D:0', 'C:SELECT 1', 'Z:I'],
    ])
    const refused = `insert into memos (body) values ('one'); select pg_sleep(1)`
    assert.deepEqual(await ask(wire, simple(refused)), ['C:INSERT 0 1', 'E:42501', 'Z:I'])
    // Postgres warns that there is no transaction, and commits what there is.
    const kept = `insert into memos (body) values ('one'); commit; select 1 / 0`
    assert.deepEqual(await ask(wire, simple(kept)), [
      ...['C:INSERT 0 1', 'N:25P01', 'C:COMMIT', 'E:22012', 'Z:I'],
    ])
    assert.deepEqual(await ask(wire, simple('select count(*)::int, min(user_id) from memos')), [
      ...['T', 'D:1,carol', 'C:SELECT 1', 'Z:I'],
    ])
    wire.close()
  })

  test('the extended protocol: named statements, portals, row limits, formats', async () => {
    const { wire } = await session()
    const sql = 'select n from generate_series(1, $1) as g(n)'
    assert.deepEqual(await ask(wire, parse(sql, 's', [23]), describeMessage('S', 's'), SYNC), [
      ...['1', 't', 'T', 'Z:I'],
    ])
    const limited = [bind(['3'], 's', 'p'), execute('p', 2), execute('p', 2), SYNC]
    assert.deepEqual(await ask(wire, ...limited), [
      ...['2', 'D:1', 'D:2', 's', 'D:3', 'C:SELECT 1', 'Z:I'],
    ])
    assert.deepEqual(
      await ask(wire, bind([int32(1)], 's'), describeMessage('P'), execute(), SYNC),
      [...['2', 'T', 'D:1', 'C:SELECT 1', 'Z:I']],
    )
    assert.deepEqual(await ask(wire, close('S', 's'), close('S', 'never'), SYNC), ['3', '3', 'Z:I'])
    assert.deepEqual(await ask(wire, bind(['3'], 's'), SYNC), ['E:26000', 'Z:I'])
    wire.close()
  })

  test('after an error, everything is skipped up to the Sync', async () => {
    const { wire } = await session()
    const failing = [parse('select 1 / 0'), bind(), execute(), parse('select 1'), bind(), execute()]
    assert.deepEqual(await ask(wire, ...failing, SYNC), ['1', 'E:22012', 'Z:I'])
    const refused = [parse('select 1', 'x'), parse('drop table memos'), bind([], 'x'), execute()]
    assert.deepEqual(await ask(wire, ...refused, SYNC), ['1', 'E:42501', 'Z:I'])
    // The statement that was parsed before the error is there, as in Postgres.
    assert.deepEqual(await ask(wire, bind([], 'x'), execute(), SYNC), [
      ...['2', 'D:1', 'C:SELECT 1', 'Z:I'],
    ])
    wire.close()
  })

  test('Flush answers without a Sync', async () => {
    const { wire } = await session()
    wire.send(parse('select $1::int'), describeMessage('S'), FLUSH)
    assert.deepEqual(shown(await wire.until('T')), ['1', 't', 'T'])
    wire.send(bind(['7']), execute(), FLUSH)
    assert.deepEqual(shown(await wire.until('C')), ['2', 'D:7', 'C:SELECT 1'])
    assert.deepEqual(await ask(wire, SYNC), ['Z:I'])
    wire.close()
  })

  test('a statement is prepared for later transactions, each of which parses it again', async () => {
    const { wire } = await session()
    await ask(wire, parse('select auth.user_id()', 'me'), SYNC)
    for (const around of [[], [simple('begin')]] as const) {
      for (const bytes of around) await ask(wire, bytes)
      const status = around.length === 0 ? 'I' : 'T'
      assert.deepEqual(await ask(wire, bind([], 'me'), execute(), SYNC), [
        ...['2', 'D:alice', 'C:SELECT 1', `Z:${status}`],
      ])
    }
    wire.close()
  })

  test('COPY, function calls, LISTEN and PREPARE are refused, and the session goes on', async () => {
    const { wire } = await session()
    assert.deepEqual(await ask(wire, simple('copy memos from stdin')), ['E:0A000', 'Z:I'])
    assert.deepEqual(await ask(wire, simple('copy memos to stdout')), ['E:0A000', 'Z:I'])
    assert.deepEqual(await ask(wire, message('F', int32(1))), ['E:0A000', 'Z:I'])
    for (const sql of ['listen x', 'prepare p as select 1', 'execute p', 'explain select 1']) {
      assert.deepEqual(await ask(wire, simple(sql)), ['E:42501', 'Z:I'], sql)
    }
    assert.deepEqual(await ask(wire, simple(`prepare transaction 'x'`)), ['E:0A000', 'Z:I'])
    assert.deepEqual(await ask(wire, simple('select 1')), ['T', 'D:1', 'C:SELECT 1', 'Z:I'])
    wire.close()
  })

  test('Terminate ends the session', async () => {
    const { wire } = await session()
    wire.send(TERMINATE)
    assert.deepEqual(await wire.rest(), [])
  })
})

describe('malformed messages end the session with 08P01', () => {
  const long = Buffer.from([...Buffer.from('Q'), 0x7f, 0xff, 0xff, 0xff])
  const bad: Record<string, Buffer> = {
    'an unknown type': message('!'),
    'a length below its own': Buffer.from([...Buffer.from('Q'), 0, 0, 0, 3]),
    'a query without its end': message('Q', Buffer.from('select 1')),
    'a query with more behind it': message('Q', text('select 1'), text('x')),
    'a Bind that is cut off': message('B', text(''), text(''), Buffer.from([0, 1])),
    'a Bind with a third format': message(
      'B',
      text(''),
      text(''),
      Buffer.from([0, 1, 0, 2, 0, 0, 0, 0]),
    ),
    'a Describe of something else': message('D', text('X')),
    'a Sync with a body': message('S', text('x')),
    'bytes that are not UTF-8': message('Q', Buffer.from([0xff, 0xfe, 0])),
    'a password after the login': message('p', text('x')),
  }
  for (const [what, bytes] of Object.entries(bad)) {
    test(what, async () => {
      const { wire } = await session()
      wire.send(bytes)
      const error = (await wire.rest()).find(({ type }) => type === 'E')
      assert.deepEqual(
        [errorOf(error?.body ?? Buffer.alloc(0)).C, errorOf(error?.body ?? Buffer.alloc(0)).V],
        ['08P01', 'FATAL'],
      )
    })
  }

  test('a message beyond PROXY_MAX_BODY_BYTES: 54000', async () => {
    const { wire } = await session()
    wire.send(long)
    assert.deepEqual(shown(await wire.rest()), ['E:54000'])
  })

  for (const [what, bytes] of Object.entries({
    'a huge startup packet': int32(100_000),
    'a short startup packet': Buffer.concat([int32(4), int32(0)]),
    'a startup packet without its end': packet(0x00030000, text('user'), text('x')),
    'an older protocol': packet(0x00020000, Buffer.alloc(1)),
    'something else after the startup': Buffer.concat([startup({ user: 'x' }), simple('select 1')]),
  })) {
    test(`before the login: ${what}`, async () => {
      const wire = await openWebSocket(proxy.url)
      wire.send(bytes)
      const error = (await wire.rest()).find(({ type }) => type === 'E')
      assert.match(errorOf(error?.body ?? Buffer.alloc(0)).C ?? '', /^(08P01|0A000)$/)
    })
  }

  test('and others are served', async () => {
    const { wire } = await session()
    assert.deepEqual(await ask(wire, simple('select 1')), ['T', 'D:1', 'C:SELECT 1', 'Z:I'])
    wire.close()
  })
})
