import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseBody } from './body'

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

test('a control character inside an array arrives unchanged, unlike with Neon', () => {
  assert.deepEqual(params(String.raw`[["a\nb\t\u0001"]]`), ['{"a\nb\t\u0001"}'])
})

test('escapes are decoded as in JSON, at any position', () => {
  const escapes = String.raw`"\u0041\/\"\\\n\ud83d\ude00\u00e4"`
  assert.deepEqual(
    params(`[${escapes}, [${escapes}], {${escapes}: ${escapes}}, [{"a":${escapes}}]]`),
    [
      'A/"\\\n😀ä',
      '{"A/\\"\\\\\n😀ä"}',
      String.raw`{"A/\"\\\n😀ä":"A/\"\\\n😀ä"}`,
      String.raw`{"{\"a\":\"A/\\\"\\\\\\n😀ä\"}"}`,
    ],
  )
})

test('an object is passed on as written, except for spaces', () => {
  assert.deepEqual(params('[{"b": 1, "a" :[ ], "1": {"b": 2.0, "b": -3e+5}}]'), [
    '{"b":1,"a":[],"1":{"b":2.0,"b":-3e+5}}',
  ])
})
