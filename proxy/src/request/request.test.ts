import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseBody } from './body'
import { parseOptions, startTransaction } from './options'
import { message } from '../../test/testing/message'

const body = (json: string) => parseBody(Buffer.from(json))
const params = (json: string) => {
  const request = body(`{"query":"select $1","params":${json}}`)
  assert.ok(request.kind === 'single')
  return request.statement.params
}

test('a boolean header is true only as "true"', () => {
  const options = parseOptions({ 'neon-raw-text-output': 'true', 'neon-array-mode': 'True' })
  assert.deepEqual([options.rawText, options.arrayMode], [true, false])
})

test('a transaction starts with only the requested options', () => {
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

test('an unknown isolation level is refused', () => {
  for (const level of ['serializable', 'constructor', '']) {
    assert.equal(
      message(() => parseOptions({ 'neon-batch-isolation-level': level })),
      'invalid isolation level',
    )
  }
})

test('single queries and batches are told apart; a body with both members is a single query', () => {
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

test('a body with another shape is refused', () => {
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

test('invalid JSON is refused without repeating it', () => {
  assert.equal(
    message(() => body('{"query": secret')),
    'could not parse the HTTP request body: it is not JSON',
  )
  assert.match(
    message(() => parseBody(Buffer.from([0x22, 0xff, 0x22]))),
    /not UTF-8/,
  )
})

test('a lone surrogate, which has no UTF-8 form, is refused instead of changed', () => {
  for (const json of ['{"query":"\\ud800"}', '{"query":"$1","params":["\\udc00"]}']) {
    assert.match(
      message(() => body(json)),
      /lone surrogate/,
    )
  }
  assert.deepEqual(params('["\\ud83d\\ude00"]'), ['😀'])
})

test('a batch of more than 1000 queries is refused', () => {
  const queries = (count: number) =>
    JSON.stringify({ queries: Array.from({ length: count }, () => ({ query: '' })) })
  body(queries(1000))
  assert.match(
    message(() => body(queries(1001))),
    /may have 1000 queries/,
  )
})

test('deeply nested parameters are refused without a crash', () => {
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
