/** Leaving out repeated rows does not change the decision. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createParser } from './parser'
import { judge } from './judge'
import { withoutRepeatedRows } from './repeated-rows'

const parser = await createParser(64 * 1024 * 1024)
const judged = async (sql: string) => {
  try {
    return await judge(parser, sql, new Set())
  } catch (error) {
    return error instanceof Error ? error.message : error
  }
}

const INTO = 'insert into memos (body, is_archived) values '
/** About 100 kB of rows. */
const rows = (row: (i: number) => string) =>
  Array.from({ length: 6_000 }, (_, i) => row(i)).join(', ')
const pairs = rows((i) => `($${2 * i + 1}, $${2 * i + 2})`)
const first = '($1, $2)'

test('of rows with only parameters and defaults, the first one is judged', () => {
  assert.equal(withoutRepeatedRows(`${INTO}${pairs}`), `${INTO}${first}`)
  const mixed = rows((i) => (i % 3 === 0 ? `($${i + 1}, default)` : `(DEFAULT, $${i + 1})`))
  assert.equal(
    withoutRepeatedRows(`${INTO}${mixed} returning id`),
    `${INTO}($1, default) returning id`,
  )
  assert.equal(
    withoutRepeatedRows(`${INTO}(pg_sleep($1), $2), ${pairs}`),
    `${INTO}(pg_sleep($1), $2), ${pairs}`,
  )
})

test('rows with casts are all judged', () => {
  const sql = `${INTO}${rows((i) => `($${2 * i + 1}::uuid, $${2 * i + 2})`)}`
  assert.equal(withoutRepeatedRows(sql), sql)
})

test('anything else between rows or in a row is judged', async () => {
  const odd = [
    '(pg_sleep(1), $1)',
    '($1, (select 1 from pg_shadow))',
    '($1)',
    `('x', $1)`,
    '($1, lower($2))',
    '($1::regclass, $2)',
    '(null, $1)',
    '($1 , $2 )',
    '( $1,$2)',
    '($1\n, $2)',
    '($1 /* ) */, $2)',
    '($1, $2) -- )',
    '($123456, $2)',
    '($1a, $2)',
    '($a$ $a$, $2)',
    '($1, $2',
  ]
  for (const row of odd) {
    for (const sql of [
      `${INTO}${pairs}, ${row}`,
      `${INTO}${row}, ${pairs}`,
      `${INTO}${pairs}, ${row}, ${pairs}`,
    ]) {
      const short = sql.replaceAll(pairs, '($1, $2), ($3, $4)')
      assert.deepEqual(await judged(sql), await judged(short), row)
    }
  }
})

test('content of strings, names and comments is never left out', () => {
  const wraps: readonly (readonly [string, string])[] = [
    [`select '`, `'`],
    [`select '''`, `'''`],
    [`select 'a', '"`, `"'`],
    [`select "a", 'b`, `'`],
    [`select e'\\'`, `'`],
    [`select e'\\\\', '`, `'`],
    [`select u&'`, `' uescape '!'`],
    [`select 'a'\n'`, `'`],
    [`select $$`, `$$`],
    [`select $a$ $`, `$a$`],
    [`select $1$$`, `$$`],
    [`select a$b, '`, `'`],
    [`select 1 as "`, `"`],
    [`select 1 as "'`, `'"`],
    [`select 1 as u&"\\0022`, `"`],
    [`select /* `, ` */ 1`],
    [`select /* ' /* */ `, ` */ '1'`],
    [`select 1 -- `, `\n, 2`],
    [`select 1 -- '\n, '`, `'`],
  ]
  for (const [open, close] of wraps) {
    const sql = `${open}values ${pairs}${close}`
    assert.equal(withoutRepeatedRows(sql), sql, open)
  }
})

test('search patterns keep their full length', async () => {
  for (const quote of [`'`, '$$', `e'`]) {
    const sql = `select strpos(body, ${quote}values ${pairs}${quote.replace('e', '')}) from memos`
    assert.match(String(await judged(sql)), /what it searches for is too large/, quote)
  }
})

test('names and strings may precede the rows', () => {
  const before = `with a as (select '''-- $$ ''' x) insert into "to""dos" ("body", "is_archived") values `
  assert.equal(
    withoutRepeatedRows(`${before}${pairs} returning 'x'`),
    `${before}${first} returning 'x'`,
  )
})

test('every insert within Postgres’ limit on parameters can be judged by a small parser', async () => {
  const small = await createParser()
  const of = (count: number, row: (i: number) => string) =>
    `${INTO}${Array.from({ length: count }, (_, i) => row(i)).join(', ')}`
  const five = (i: number) => `(${[1, 2, 3, 4, 5].map((n) => `$${5 * i + n}`).join(', ')})`
  for (const sql of [
    of(13_107, five),
    of(65_535, (i) => `(default, default, $${i + 1}, default, default)`),
    `select * from memos where body in (${Array.from({ length: 65_535 }, (_, i) => `$${i + 1}`).join(', ')})`,
  ]) {
    assert.equal((await judge(small, sql, new Set())).holdsContent, false)
  }
})
