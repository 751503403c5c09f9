import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AnswerMemory } from './answer-memory'
import { AnswerWriter, type AnswerLimits, type ResponseStream } from './answer-writer'
import { readArray } from '../../../test/testing/read-array'
import { commandOf } from './command'
import { StatementAnswer } from './statement-answer'
import { encoderOf } from './types'

const nothing = { get: () => undefined }
const still = { pause: () => undefined, resume: () => undefined }
const field = (name: string, dataTypeID: number) => ({
  name,
  dataTypeID,
  tableID: 0,
  columnID: 0,
  dataTypeSize: -1,
  dataTypeModifier: -1,
  format: 'text' as const,
})

/** Memory for answers that are kept whole. */
function writerOf(limits: Partial<AnswerLimits> = {}): AnswerWriter {
  const noOutlet = () => assert.fail('the answer left before its end')
  return new AnswerWriter(
    { answerBytes: 1000, rows: 10, memory: new AnswerMemory(0), ...limits },
    noOutlet,
    still,
  )
}
const written = (writer: AnswerWriter) => Buffer.concat(writer.take()).toString()

/** The body of a DataRow. */
function rowOf(...values: readonly (string | null)[]): Buffer {
  const parts = values.flatMap((value) => {
    const length = Buffer.alloc(4)
    length.writeInt32BE(value === null ? -1 : Buffer.byteLength(value))
    return value === null ? [length] : [length, Buffer.from(value)]
  })
  const count = Buffer.alloc(2)
  count.writeInt16BE(values.length)
  return Buffer.concat([count, ...parts])
}

function json(oid: number, text: string): string {
  const encode = encoderOf(oid, nothing)
  assert.ok(encode)
  const writer = writerOf()
  // Surrounded by other bytes, as in a row.
  const data = Buffer.from(`"${text}"`)
  encode(writer, data, 1, data.length - 1)
  return written(writer)
}
const typed = (oid: number, text: string): unknown => JSON.parse(json(oid, text))

test('array literals are parsed with quotes, nesting, NULL and bounds', () => {
  assert.deepEqual(readArray('{"aa\\"\\\\\\,a",cha,"bbbb"}'), ['aa"\\,a', 'cha', 'bbbb'])
  assert.deepEqual(readArray('{{t,NULL},{"NULL",f}}'), [
    ['t', null],
    ['NULL', 'f'],
  ])
  assert.deepEqual(readArray('[1:1][-2:-1][3:5]={{{1,2,3},{4,5,6}}}'), [
    [
      ['1', '2', '3'],
      ['4', '5', '6'],
    ],
  ])
})

test('an empty array is [], and boxes are delimited by semicolons', () => {
  assert.deepEqual(readArray('{}'), [])
  assert.deepEqual(readArray('{(1,1),(0,0);(2,2),(1,1)}', ';'), ['(1,1),(0,0)', '(2,2),(1,1)'])
})

test('an invalid array literal is an error', () => {
  for (const bad of ['', '1 2', '{', '{a', '{"a', '{a}b', '{"a\\']) {
    assert.throws(() => readArray(bad), bad)
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
  assert.equal(json(701, '1'), '1.0')
  assert.equal(json(701, '1e+20'), '1e+20')
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

test('a command tag is parsed like Neon parses it', () => {
  const read = (tag: string) => Object.values(commandOf(tag))
  assert.deepEqual(read('SELECT 3'), ['SELECT', 3])
  assert.deepEqual(read('INSERT 0 3'), ['INSERT', 3])
  assert.deepEqual(read('CREATE TABLE'), ['CREATE', null])
  assert.deepEqual(read('BEGIN'), ['BEGIN', null])
  assert.deepEqual(read('MERGE 2'), ['MERGE', 2])
  assert.deepEqual(read(''), ['', null])
})

test('a string is escaped as by JSON.stringify, at any position', () => {
  const all = Array.from({ length: 0x250 }, (_, i) => String.fromCharCode(i + 1))
  for (const text of [
    '',
    'plain',
    ...all,
    all.join(''),
    'a"',
    '\\',
    'é\n',
    '🌱',
    'x'.repeat(300),
  ]) {
    assert.equal(json(25, text), JSON.stringify(text))
  }
})

test('rows are objects or arrays, and a repeated name is written twice', () => {
  const answer = (arrayMode: boolean) => {
    const writer = writerOf()
    const sink = new StatementAnswer(writer, { rawText: true, arrayMode }, nothing)
    const row = rowOf('1', null)
    sink.onFields([field('a', 23), field('a', 25)])
    sink.onRow(row, 0, row.length)
    sink.onComplete('SELECT 1')
    return written(writer)
  }
  assert.match(
    answer(true),
    /"rows":\[\["1",null\]\],"command":"SELECT","rowCount":1,"rowAsArray":true}$/,
  )
  assert.match(answer(false), /"rows":\[\{"a":"1","a":null\}\]/)
})

test('rows without columns are empty objects or arrays', () => {
  for (const arrayMode of [true, false]) {
    const writer = writerOf()
    const sink = new StatementAnswer(writer, { rawText: false, arrayMode }, nothing)
    sink.onFields([])
    for (let i = 0; i < 2; i++) sink.onRow(rowOf(), 0, 2)
    sink.onComplete('SELECT 2')
    const { rows } = JSON.parse(written(writer)) as { rows: unknown }
    assert.deepEqual(rows, arrayMode ? [[], []] : [{}, {}])
  }
})

test('an answer has exactly the listed members', () => {
  const writer = writerOf()
  const sink = new StatementAnswer(writer, { rawText: false, arrayMode: false }, nothing)
  const row = rowOf('1')
  sink.onFields([field('n', 23)])
  sink.onRow(row, 0, row.length)
  sink.onComplete('SELECT 1')
  assert.deepEqual(JSON.parse(written(writer)), {
    fields: [field('n', 23)],
    rows: [{ n: 1 }],
    command: 'SELECT',
    rowCount: 1,
    rowAsArray: false,
  })
})

test('limits on bytes and rows apply to a whole batch', () => {
  const bytes = writerOf({ answerBytes: 100 })
  bytes.bytes(Buffer.alloc(60))
  bytes.countRow()
  bytes.bytes(Buffer.alloc(60))
  assert.throws(() => {
    bytes.countRow()
  }, /^ProxyError: response is too large \(max is 100 bytes\)$/)
  const rows = writerOf({ rows: 1 })
  rows.countRow()
  assert.throws(() => {
    rows.countRow()
  }, /too many rows \(max is 1 rows\)/)
})

test('a row that waits for its type counts against the limit, too', () => {
  const waiting = new StatementAnswer(
    writerOf({ answerBytes: 100 }),
    { rawText: false, arrayMode: false },
    nothing,
  )
  const row = rowOf('x'.repeat(60))
  waiting.onFields([field('own', 99_999)])
  waiting.onRow(row, 0, row.length)
  assert.throws(() => {
    waiting.onRow(row, 0, row.length)
  }, /response is too large/)
})

test('rows that wait count over a whole batch', () => {
  const writer = writerOf({ answerBytes: 100 })
  const shape = { rawText: false, arrayMode: false }
  const first = new StatementAnswer(writer, shape, nothing)
  const second = new StatementAnswer(writer, shape, nothing, first)
  const row = rowOf('x'.repeat(60))
  first.onFields([field('own', 99_999)])
  first.onRow(row, 0, row.length)
  second.onFields([field('text', 25)])
  assert.throws(() => {
    second.onRow(row, 0, row.length)
  }, /response is too large/)
})

test('an answer that has arrived whole blocks no session, however slowly its client reads', () => {
  const stream: ResponseStream = { write: () => false, onceDrained: () => undefined }
  const source = { pause: () => assert.fail('others are read from there'), resume: () => undefined }
  const writer = new AnswerWriter(
    { answerBytes: 1e9, rows: 1e9, memory: new AnswerMemory(0) },
    () => stream,
    source,
  )
  writer.sourceHasEnded()
  for (let i = 0; i < 100; i++) writer.bytes(Buffer.alloc(64 * 1024))
  assert.ok(writer.hasLeft)
})

test('a long answer is sent in chunks, waits for a slow client, and is complete', () => {
  const sent: Buffer[] = []
  const pauses: string[] = []
  let drained: () => void = () => assert.fail('nobody was slow')
  const stream: ResponseStream = {
    write: (bytes) => sent.push(bytes) < 0,
    onceDrained: (listener) => (drained = listener),
  }
  const source = { pause: () => pauses.push('pause'), resume: () => pauses.push('resume') }
  const writer = new AnswerWriter(
    { answerBytes: 1e9, rows: 1e9, memory: new AnswerMemory(0) },
    () => stream,
    source,
  )
  const values = Array.from({ length: 30_000 }, (_, i) => `${i} ${'x'.repeat(i % 200)}`)
  for (const value of values) {
    const data = Buffer.from(value)
    writer.string(data, 0, data.length)
  }
  assert.ok(writer.hasLeft)
  assert.equal(pauses[0], 'pause')
  drained()
  assert.equal(pauses.at(-1), 'resume')
  const all = Buffer.concat([...sent, ...writer.take()]).toString()
  assert.equal(all, values.map((value) => JSON.stringify(value)).join(''))
})
