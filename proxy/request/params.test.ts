import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseBody } from './body'
import { encodeParam } from './params'

const params = (json: string) => {
  const request = parseBody(Buffer.from(`{"query":"select $1","params":${json}}`))
  assert.ok(request.kind === 'single')
  return request.statement.params
}

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
