import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { openGate, type Gate } from '../../src/gate/gate'
import { createParseBody } from '../../src/request/parse-body'
import { startArena, type Arena } from '../testing/arena'
import { contextOf } from '../testing/work-context'
import { WorkThreads } from '../../src/threads/work-threads'
import { until } from '../testing/until'

let arena: Arena
let token: string
before(async () => {
  arena = await startArena()
  token = await arena.proxy.issuer.token('bob', { exp: Math.floor(Date.now() / 1000) + 600 })
})
after(() => arena.proxy.stop())

async function send(body: string | Uint8Array<ArrayBuffer>) {
  const response = await fetch(arena.proxy.sqlUrl, {
    method: 'POST',
    body,
    headers: {
      'neon-connection-string': arena.proxy.connectionString,
      authorization: `Bearer ${token}`,
    },
  })
  const json = (await response.json()) as Record<string, unknown>
  if (response.status !== 200) {
    assert.ok([400, 413].includes(response.status), `${response.status} ${JSON.stringify(json)}`)
    assert.equal(Object.keys(json).length, 17)
    assert.notEqual(response.headers.get('proxy-error-code'), 'internal')
  }
  return { status: response.status, json }
}

const deep = (open: string, close: string, times: number) =>
  open.repeat(times) + close.repeat(times)
const invalid: Record<string, string | Uint8Array<ArrayBuffer>> = {
  nothing: '',
  'not JSON': 'select 1',
  'half of it': '{"query":"select 1"',
  twice: '{"query":"select 1"}{"query":"select 1"}',
  'with a byte order mark in its middle': '{"query":\ufeff"select 1"}',
  'invalid UTF-8': Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
  'UTF-8 of a surrogate': Buffer.from('{"query":"\xed\xa0\x80"}', 'latin1'),
  'overlong UTF-8': Buffer.from('{"query":"\xc0\xa7"}', 'latin1'),
  'UTF-16': Buffer.from('{"query":"select 1"}', 'utf16le'),
  null: 'null',
  'a string': '"select 1"',
  'a number': '1e999',
  'an empty object': '{}',
  'an empty list': '[]',
  'a list': '[{"query":"select 1"}]',
  'query: null': '{"query":null}',
  'query: list': '{"query":["select 1"]}',
  'query: object': '{"query":{"toString":"select 1"}}',
  'params: object': '{"query":"select 1","params":{"0":1}}',
  'params: string': '{"query":"select 1","params":"1"}',
  'arrayMode: string': '{"query":"select 1","arrayMode":"true"}',
  'queries: object': '{"queries":{"query":"select 1"}}',
  'queries: strings': '{"queries":["select 1"]}',
  'queries in queries': '{"queries":[{"queries":[]}]}',
  'only __proto__': '{"__proto__":{"query":"select 1"}}',
  'only constructor': '{"constructor":{"prototype":{"query":"select 1"}}}',
  'deep lists': `{"query":"select $1","params":${deep('[', ']', 100_000)}}`,
  'deep objects': `{"query":"select $1","params":[${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}]}`,
  'deep lists, unclosed': '['.repeat(3_000_000),
  'deep queries': deep('{"queries":[', ']}', 50_000),
  '1,001 queries': JSON.stringify({ queries: Array(1_001).fill({ query: 'select 1' }) }),
  '65,536 params': JSON.stringify({ query: 'select 1', params: Array(65_536).fill('x') }),
  '200,000 params in a batch': JSON.stringify({
    queries: Array(4).fill({ query: 'select 1', params: Array(50_000).fill(1) }),
  }),
  'more than 10 MB': `{"query":"${'x'.repeat(11_000_000)}"}`,
}

describe('a body that is no request is refused with all 17 members', () => {
  for (const [name, body] of Object.entries(invalid)) {
    test(name, async () => {
      assert.notEqual((await send(body)).status, 200)
    })
  }
})

test('keys that are special in JavaScript have no effect', async () => {
  const { status, json } = await send(
    '{"__proto__":{"params":["x"],"polluted":true},"constructor":1,"query":"select $1::jsonb as j","params":[{"__proto__":{"polluted":1}}]}',
  )
  assert.equal(status, 200)
  assert.deepEqual(
    JSON.stringify((json.rows as { j: unknown }[])[0]?.j),
    '{"__proto__":{"polluted":1}}',
  )
  assert.equal(({} as Record<string, unknown>).polluted, undefined)
})

test('columns with names that are special in JavaScript arrive unchanged', async () => {
  const { json } = await send(
    '{"query":"select 1 as __proto__, 2 as constructor, 3 as \\"toString\\""}',
  )
  assert.equal(JSON.stringify(json.rows), '[{"__proto__":1,"constructor":2,"toString":3}]')
})

const large = (params: string) => Buffer.from(`{"query":"select 1","params":[${params}]}`)
const many = (value: string, bytes = 9_900_000) =>
  `[${Array(Math.floor(bytes / (value.length + 1)))
    .fill(value)
    .join()}]`

describe('10 MB of small values take time and memory in proportion to their bytes', () => {
  const bodies: Record<string, Uint8Array> = {
    numbers: large(many('1')),
    'lists of one': large(many('[1]')),
    'empty lists': large(many('[]')),
    'empty objects': large(many('{}')),
    'objects with an empty name': large(many('{"":1}')),
    'strings of one escape': large(many('"\\n"')),
    'one string of escapes': large(`"${'\\u00e4'.repeat(1_600_000)}"`),
    'words in a list that nobody asked for': Buffer.from(`{"query":"","x":${many('null')}}`),
    'a statement of 65,500 params': Buffer.from(
      `{"queries":[{"query":"","params":${many('1', 131_000)}}]}`,
    ),
  }
  // The proxy's threads end when they exceed 64 MB or their budget of CPU time.
  for (const [name, bytes] of Object.entries(bodies)) {
    test(name, async () => {
      const threads = await WorkThreads.start({ count: 1 })
      try {
        const parse = createParseBody(threads)
        assert.equal(typeof (await parse(bytes, contextOf('bob'))).kind, 'string')
      } finally {
        threads.close()
      }
    })
  }
})

test('a body of more than 64 kB is parsed off the event loop', async () => {
  const source = `
    const { parentPort } = require('node:worker_threads')
    const error = { code: 'body_invalid', message: 'read in a thread', fields: {} }
    parentPort.on('message', ({ kind }) => {
      parentPort.postMessage({ kind: 'refused', error: { ...error, message: kind }, cpuMs: 1 })
    })
    parentPort.postMessage({ kind: 'ready', cpuMs: 0 })`
  const where = await arena.proxy.another({ overrides: { threads: { source }, gate: openGate } })
  const told = (params: string) =>
    arena.proxy.post(`{"query":"select $1","params":["${params}"]}`, { sqlUrl: where.sqlUrl })
  assert.equal((await told('x'.repeat(70_000))).json.message, 'parseBody')
  assert.equal((await told('x'.repeat(1_000))).status, 200)
})

test('a user has at most two large bodies in memory', async () => {
  let goOn: () => void = () => undefined
  const told = new Promise<void>((resolve) => {
    goOn = resolve
  })
  let waiting = 0
  const gate: Gate = async (sql) => {
    waiting++
    await told
    return openGate(sql)
  }
  const where = await arena.proxy.another({ overrides: { gate } })
  const body = (length: number) => `{"query":"select $1","params":["${'x'.repeat(length)}"]}`
  const post = (length: number, user = 'bob') =>
    arena.proxy.issuer
      .token(user)
      .then((as) => arena.proxy.post(body(length), { sqlUrl: where.sqlUrl, token: as }))
  const waits = async (count: number) => {
    await fetch(`${arena.proxy.url}/healthz`).then((response) => response.text())
    return waiting >= count
  }
  const first = [post(1_100_000), post(1_100_000)]
  await until(() => waits(2))
  const third = await post(1_100_000)
  assert.equal(third.headers.get('proxy-error-code'), 'too_many_requests')
  assert.match(String(third.json.message), /more than 1 MiB/)
  const others = [post(1_000), post(1_100_000, 'alice')]
  await until(() => waits(4))
  goOn()
  for (const { status } of await Promise.all([...first, ...others])) assert.equal(status, 200)
  assert.equal((await post(1_100_000)).status, 200)
})

test('an insert of 6,000 rows with five params each goes through', async () => {
  const rows = Array.from({ length: 6_000 }, (_, i) =>
    [1, 2, 3, 4, 5].map((n) => `$${i * 5 + n}`).join(),
  )
  const query = `select count(*) from (values (${rows.join('),(')})) as t`
  const params = Array.from({ length: 30_000 }, (_, i) => `body ${i}`)
  const { status, json } = await send(JSON.stringify({ query, params }))
  assert.equal(status, 200, JSON.stringify(json).slice(0, 300))
  assert.deepEqual(json.rows, [{ count: '6000' }])
})

/** How many times as much, with `npm run test:all`. */
const SCALE = process.env.TRIALS === 'full' ? 10 : 1

test('any JSON, and any bytes, get a well-formed answer', { timeout: 30_000 * SCALE }, async () => {
  const member = fc.constantFrom('query', 'queries', 'params', 'arrayMode', '__proto__', 'x')
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 4 }),
    fc.constantFrom('select 1', 'select $1::text', 'select $1::int'),
    fc.array(
      fc.record({ query: fc.constantFrom('select 1', 'select $1'), params: fc.jsonValue() }),
    ),
    fc.string({ unit: 'binary' }),
  )
  const body = fc.oneof(
    fc.dictionary(member, value).map((json) => JSON.stringify(json)),
    fc
      .record({ query: fc.constant('select $1::text'), params: fc.array(value, { maxLength: 2 }) })
      .map((json) => JSON.stringify(json)),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => text.slice(0, -1)),
  )
  await fc.assert(
    fc.asyncProperty(body, async (bytes) => {
      await send(bytes)
    }),
    { numRuns: 600 * SCALE, interruptAfterTimeLimit: 10_000 * SCALE },
  )
  assert.equal((await send('{"query":"select 1"}')).status, 200)
})
