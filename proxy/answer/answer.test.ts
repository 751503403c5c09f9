import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AnswerBuffer } from './answer-buffer'
import { parseArray } from './arrays'
import { commandOf } from './command'
import { StatementAnswer } from './statement-answer'
import { encoderOf } from './types'

const nothing = { get: () => undefined }
const field = (name: string, dataTypeID: number) => ({
  name,
  dataTypeID,
  tableID: 0,
  columnID: 0,
  dataTypeSize: -1,
  dataTypeModifier: -1,
  format: 'text' as const,
})
const typed = (oid: number, text: string): unknown => {
  const encoder = encoderOf(oid, nothing)
  assert.ok(encoder)
  return JSON.parse(encoder(text))
}

test('array literals are read with quotes, nesting, NULL and bounds', () => {
  assert.deepEqual(parseArray('{"aa\\"\\\\\\,a",cha,"bbbb"}'), ['aa"\\,a', 'cha', 'bbbb'])
  assert.deepEqual(parseArray('{{t,NULL},{"NULL",f}}'), [
    ['t', null],
    ['NULL', 'f'],
  ])
  assert.deepEqual(parseArray('[1:1][-2:-1][3:5]={{{1,2,3},{4,5,6}}}'), [
    [
      ['1', '2', '3'],
      ['4', '5', '6'],
    ],
  ])
})

test('an array of nothing is [], and a box is delimited by a semicolon', () => {
  assert.deepEqual(parseArray('{}'), [])
  assert.deepEqual(parseArray('{(1,1),(0,0);(2,2),(1,1)}', ';'), ['(1,1),(0,0)', '(2,2),(1,1)'])
})

test('what is no array is an error', () => {
  for (const bad of ['', '1 2', '{', '{a', '{"a', '{a}b', '{"a\\']) {
    assert.throws(() => parseArray(bad), bad)
  }
})

test('types become JSON by Neon’s table', () => {
  assert.deepEqual(typed(16, 't'), true)
  assert.deepEqual(typed(23, '-7'), -7)
  assert.deepEqual(typed(20, '9223372036854775807'), '9223372036854775807')
  assert.deepEqual(typed(1700, '1.10'), '1.10')
  assert.deepEqual(typed(701, 'NaN'), 'NaN')
  assert.deepEqual(typed(701, '-Infinity'), '-Infinity')
  assert.deepEqual(typed(3802, '{"a": [1]}'), { a: [1] })
  assert.deepEqual(typed(1082, '2024-01-01'), '2024-01-01')
  assert.deepEqual(typed(17, '\\x41'), '\\x41')
  assert.equal(encoderOf(701, nothing)?.('1'), '1.0')
  assert.equal(encoderOf(701, nothing)?.('1e+20'), '1e+20')
})

test('arrays become JSON arrays of their elements', () => {
  assert.deepEqual(typed(1005, '[1:1][-2:-1][3:5]={{{1,2,3},{4,5,6}}}'), [
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
  ])
  assert.deepEqual(typed(1021, '{NaN,Infinity}'), ['NaN', 'Infinity'])
  assert.deepEqual(typed(3807, '{"{\\"foo\\": 1}","{\\"bar\\": 2}"}'), [{ foo: 1 }, { bar: 2 }])
  assert.deepEqual(typed(1016, '{1,2,3}'), ['1', '2', '3'])
  assert.deepEqual(typed(1000, '{{t,NULL},{NULL,f}}'), [
    [true, null],
    [null, false],
  ])
  assert.deepEqual(typed(1007, '{}'), [])
})

test('a vector type, which is no array, stays a string', () => {
  assert.equal(typed(30, '1 2'), '1 2')
})

test('a command tag is read as Neon reads it', () => {
  const read = (tag: string) => Object.values(commandOf(tag))
  assert.deepEqual(read('SELECT 3'), ['SELECT', 3])
  assert.deepEqual(read('INSERT 0 3'), ['INSERT', 3])
  assert.deepEqual(read('CREATE TABLE'), ['CREATE', null])
  assert.deepEqual(read('BEGIN'), ['BEGIN', null])
  assert.deepEqual(read('MERGE 2'), ['MERGE', 2])
  assert.deepEqual(read(''), ['', null])
})

test('rows are objects or arrays, and a name that occurs twice is written twice', () => {
  const answer = (arrayMode: boolean) => {
    const sink = new StatementAnswer(
      new AnswerBuffer(1000, 10),
      { rawText: true, arrayMode },
      nothing,
    )
    sink.onFields([field('a', 23), field('a', 25)])
    sink.onRow(['1', null], 10)
    sink.onComplete('SELECT 1')
    return sink.finish()
  }
  assert.match(
    answer(true),
    /"rows":\[\["1",null\]\],"command":"SELECT","rowCount":1,"rowAsArray":true}$/,
  )
  assert.match(answer(false), /"rows":\[\{"a":"1","a":null\}\]/)
})

test('an answer has the listed members and no more', () => {
  const sink = new StatementAnswer(
    new AnswerBuffer(1000, 10),
    { rawText: false, arrayMode: false },
    nothing,
  )
  sink.onFields([field('n', 23)])
  sink.onRow(['1'], 10)
  sink.onComplete('SELECT 1')
  assert.deepEqual(JSON.parse(sink.finish()), {
    fields: [field('n', 23)],
    rows: [{ n: 1 }],
    command: 'SELECT',
    rowCount: 1,
    rowAsArray: false,
  })
})

test('bytes and rows are counted over a whole batch, and too many are refused', () => {
  const bytes = new AnswerBuffer(100, 10)
  bytes.countRow(60)
  assert.throws(() => {
    bytes.countRow(60)
  }, /^ProxyError: response is too large \(max is 100 bytes\)$/)
  const rows = new AnswerBuffer(100, 1)
  rows.countRow(1)
  assert.throws(() => {
    rows.countRow(1)
  }, /too many rows \(max is 1 rows\)/)
})
