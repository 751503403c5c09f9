import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProxyError } from '../errors'
import { parseBody } from './body'
import { parseConnectionString } from './connection-string'
import { parseOptions, startTransaction } from './options'
import { encodeParam } from './params'

const body = (json: string) => parseBody(Buffer.from(json))
const params = (json: string) => {
  const request = body(`{"query":"select $1","params":${json}}`)
  assert.ok(request.kind === 'single')
  return request.statement.params
}
const message = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    assert.ok(error instanceof ProxyError)
    return error.message
  }
  return assert.fail('nothing was thrown')
}

test('the connection string names a role and a database, percent-decoded', () => {
  assert.deepEqual(parseConnectionString('postgresql://authenticated@localhost/todos'), {
    user: 'authenticated',
    database: 'todos',
  })
  assert.deepEqual(
    parseConnectionString('postgres://http+auth$$:%25%2B$^&*@!@h.x/daily%20todos/x'),
    {
      user: 'http+auth$$',
      database: 'daily todos',
    },
  )
  assert.deepEqual(parseConnectionString('postgresql://alice@localhost/'), {
    user: 'alice',
    database: 'alice',
  })
})

test('a connection string that is wrong is refused with Neon’s words, in Neon’s order', () => {
  const cases = [
    [undefined, 'invalid header: neon-connection-string'],
    ['postgres://ü@h/d', 'invalid header: neon-connection-string'],
    ['nonsense', 'invalid connection string: relative URL without a base'],
    ['postgres://u@/d', 'invalid connection string: empty host'],
    ['mysql://u@h/d', 'incorrect scheme'],
    ['postgres://u@h', 'missing database name'],
    ['postgres://h/d', 'missing username'],
    ['postgres://%ff@h/d', 'invalid username: invalid utf-8 sequence'],
    ['postgres://u@[::1]/d', 'missing hostname'],
  ] as const
  for (const [header, expected] of cases) {
    assert.equal(
      message(() => parseConnectionString(header)),
      expected,
      header,
    )
  }
})

test('a boolean header is true only as "true"', () => {
  const options = parseOptions({ 'neon-raw-text-output': 'true', 'neon-array-mode': 'True' })
  assert.deepEqual([options.rawText, options.arrayMode], [true, false])
})

test('a transaction starts with only what was asked for', () => {
  assert.equal(startTransaction(parseOptions({})), 'START TRANSACTION')
  const all = {
    'neon-batch-isolation-level': 'Serializable',
    'neon-batch-read-only': 'true',
    'neon-batch-deferrable': 'true',
  }
  assert.equal(
    startTransaction(parseOptions(all)),
    'START TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY, DEFERRABLE',
  )
})

test('an isolation level that does not exist is refused', () => {
  for (const level of ['serializable', 'constructor', '']) {
    assert.equal(
      message(() => parseOptions({ 'neon-batch-isolation-level': level })),
      'invalid isolation level',
    )
  }
})

test('a single query and a batch are told apart, and both is a single query', () => {
  assert.deepEqual(body('{"query":"select 1","queries":[]}'), {
    kind: 'single',
    statement: { sql: 'select 1', params: [], arrayMode: undefined },
  })
  assert.deepEqual(
    body('{"queries":[{"query":"a","arrayMode":true},{"query":"b","arrayMode":null}]}'),
    {
      kind: 'batch',
      statements: [
        { sql: 'a', params: [], arrayMode: true },
        { sql: 'b', params: [], arrayMode: undefined },
      ],
    },
  )
  assert.deepEqual(body('{"queries":[]}'), { kind: 'batch', statements: [] })
})

test('a body of another shape is refused', () => {
  const shape =
    'could not parse the HTTP request body: data did not match any variant of untagged enum Payload'
  for (const json of [
    '{}',
    '[]',
    'null',
    '{"query":1}',
    '{"query":"a","params":null}',
    '{"queries":["a"]}',
  ]) {
    assert.equal(
      message(() => body(json)),
      shape,
      json,
    )
  }
})

test('a body that is no JSON is refused without repeating it', () => {
  assert.equal(
    message(() => body('{"query": secret')),
    'could not parse the HTTP request body: it is not JSON',
  )
  assert.match(
    message(() => parseBody(Buffer.from([0x22, 0xff, 0x22]))),
    /not UTF-8/,
  )
})

test('a batch of more than 1000 queries is refused', () => {
  const queries = (count: number) =>
    JSON.stringify({ queries: Array.from({ length: count }, () => ({ query: '' })) })
  body(queries(1000))
  assert.match(
    message(() => body(queries(1001))),
    /1001 queries and may have 1000/,
  )
})

test('params nested without end are refused, not crashed on', () => {
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
  assert.match(
    message(() => params(`[${deep}]`)),
    /recursion limit/,
  )
  assert.match(
    message(() => params(`[[${'['.repeat(200)}1${']'.repeat(200)}]]`)),
    /recursion limit/,
  )
})

test('params become text by Neon’s table', () => {
  assert.deepEqual(params('[null, true, false, 42, 1.5, 1.0, "it\'s", {"a": [1.0, "b"]}, []]'), [
    null,
    'true',
    'false',
    '42',
    '1.5',
    '1.0',
    "it's",
    '{"a":[1.0,"b"]}',
    '{}',
  ])
})

test('a number keeps every digit that was sent', () => {
  assert.deepEqual(params('[9007199254740993, -0.0, 1e400, 123456789012345678901234567890]'), [
    '9007199254740993',
    '-0.0',
    '1e400',
    '123456789012345678901234567890',
  ])
})

test('arrays become array literals', () => {
  assert.deepEqual(
    params(
      '[[true,false,null,"NULL",42,"foo","bar\\"-\\\\"], [[true,false],[null,42]], [{"foo":1},{"bar":2}]]',
    ),
    [
      '{true,false,NULL,"NULL",42,"foo","bar\\"-\\\\"}',
      '{{true,false},{NULL,42}}',
      '{"{\\"foo\\":1}","{\\"bar\\":2}"}',
    ],
  )
})

test('a control character inside an array arrives as itself, unlike with Neon', () => {
  assert.equal(encodeParam(['a\nb\t']), '{"a\nb\t"}')
})
