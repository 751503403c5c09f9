import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startPasswordProxy, type PasswordProxy } from '../testing/password'

let local: PasswordProxy
before(async () => {
  local = await startPasswordProxy()
  for (const sql of [
    'create schema odd',
    `create type odd.mood as enum ('sad', 'so,so', 'NULL')`,
    'create domain odd.positive as int check (value > 0)',
    'create domain odd.list as int[]',
    'create domain odd.document as jsonb',
    'create type odd.pair as (a int, b odd.mood)',
    'create type odd.span as range (subtype = float8)',
    'create table odd.rows (id int, mood odd.mood)',
  ]) {
    assert.equal((await local.ask(sql)).status, 200, sql)
  }
})
after(() => local.stop())

/** The value in the answer, byte for byte. */
async function written(expression: string, headers: Record<string, string> = {}): Promise<string> {
  const { text, status } = await local.ask(
    { query: `select ${expression}`, arrayMode: true },
    { headers },
  )
  assert.equal(status, 200, `${expression}: ${text}`)
  return /"rows":\[\[(.*)\]\],"command"/s.exec(text)?.[1] ?? assert.fail(text)
}

const TYPED: readonly (readonly [expression: string, json: string])[] = [
  ['true', 'true'],
  ['false', 'false'],
  ['(-32768)::int2', '-32768'],
  ['2147483647', '2147483647'],
  ['9007199254740993::int8', '"9007199254740993"'],
  ['1::oid', '"1"'],
  ['1.10::numeric', '"1.10"'],
  [`'NaN'::numeric`, '"NaN"'],
  ['1::float8', '1.0'],
  ['-0.0::float8', '-0.0'],
  ['0.1::float4', '0.1'],
  ['0.30000000000000004::float8', '0.30000000000000004'],
  ['1e300::float8', '1e+300'],
  ['1e-7::float8', '1e-07'],
  [`'NaN'::float8`, '"NaN"'],
  [`'Infinity'::float4`, '"Infinity"'],
  [`'-Infinity'::float8`, '"-Infinity"'],
  // Embedded unchanged, including spaces.
  [`'{"b" : 1.0,  "a":[]}'::json`, '{"b" : 1.0,  "a":[]}'],
  [`'{"b":1.0, "a":[]}'::jsonb`, '{"a": [], "b": 1.0}'],
  [`'null'::jsonb`, 'null'],
  [`'"text"'::json`, '"text"'],
  ['null::int', 'null'],
  ['null', 'null'],
  [`'a"\\' || chr(10) || '😀'`, '"a\\"\\\\\\n😀"'],
  [`'\\xff00'::bytea`, '"\\\\xff00"'],
  [`'ab'::char(4)`, '"ab  "'],
  [`'x'::name`, '"x"'],
  [`date '2024-02-29'`, '"2024-02-29"'],
  [`interval '1 day 02:03'`, '"1 day 02:03:00"'],
  [`timestamp 'infinity'`, '"infinity"'],
  [`'00000000-0000-4000-8000-000000000000'::uuid`, '"00000000-0000-4000-8000-000000000000"'],
  ['int4range(1, 4)', '"[1,4)"'],
  [`'{[1,3),[5,7)}'::int4multirange`, '"{[1,3),[5,7)}"'],
  ['point(1, 2)', '"(1,2)"'],
  ['row(1, null, $$a b$$)', '"(1,,\\"a b\\")"'],
  [`'1 2'::int2vector`, '"1 2"'],
  [`'1 2'::oidvector`, '"1 2"'],
  ['pg_typeof(1)', '"integer"'],
  ['$$a$$::tsvector', `"'a'"`],
  [`'10.0.0.0/8'::inet`, '"10.0.0.0/8"'],
  // User-defined types.
  [`'sad'::odd.mood`, '"sad"'],
  ['1::odd.positive', '1'],
  [`'{1,2}'::odd.list`, '[1,2]'],
  [`'{"a":1}'::odd.document`, '{"a": 1}'],
  [`row(1, 'sad')::odd.pair`, '"(1,sad)"'],
  [`odd.span(1, 2)`, '"[1,2)"'],
]

const ARRAYS: typeof TYPED = [
  [`'{}'::int[]`, '[]'],
  [`'{}'::text[]`, '[]'],
  [`'{}'::odd.mood[]`, '[]'],
  [`'{}'::box[]`, '[]'],
  [`array[true, null, false]`, '[true,null,false]'],
  [`'{{t,NULL},{NULL,f}}'::bool[]`, '[[true,null],[null,false]]'],
  [`'[1:1][-2:-1][3:5]={{{1,2,3},{4,5,6}}}'::int2[]`, '[[[1,2,3],[4,5,6]]]'],
  [`'[5:6]={1,2}'::int[]`, '[1,2]'],
  [`'{1,2,3}'::int8[]`, '["1","2","3"]'],
  [`'{1.10}'::numeric[]`, '["1.10"]'],
  [`'{NaN,Infinity,1,0.5}'::float4[]`, '["NaN","Infinity",1.0,0.5]'],
  [`'{"aa\\"\\\\\\,a",cha,"bbbb"}'::text[]`, '["aa\\"\\\\,a","cha","bbbb"]'],
  [
    `array['NULL', null, '', 'a b', '{}', '"', '\\', chr(10)]`,
    '["NULL",null,"","a b","{}","\\"","\\\\","\\n"]',
  ],
  [`'{"{\\"foo\\": 1}", "{\\"bar\\": 2}"}'::jsonb[]`, '[{"foo": 1},{"bar": 2}]'],
  [`array['[1, 2]', 'null', null]::json[]`, '[[1, 2],null,null]'],
  [`array[date '2024-02-29']`, '["2024-02-29"]'],
  [`array['\\xff'::bytea]`, '["\\\\xff"]'],
  [`'{(1,1),(0,0);(2,2),(1,1)}'::box[]`, '["(1,1),(0,0)","(2,2),(1,1)"]'],
  [`array[point(1, 2)]`, '["(1,2)"]'],
  [`array['1 2'::int2vector]`, '["1 2"]'],
  [`array[1::oid, 2::oid]`, '["1","2"]'],
  [`array['a'::name]`, '["a"]'],
  [`array['sad', 'so,so', 'NULL', null]::odd.mood[]`, '["sad","so,so","NULL",null]'],
  [`array[array['sad'], array['NULL']]::odd.mood[]`, '[["sad"],["NULL"]]'],
  [`array[1, 2]::odd.positive[]`, '["1","2"]'],
  [`array['{1,2}']::odd.list[]`, '["{1,2}"]'],
  [`array[row(1, 'sad')::odd.pair]`, '["(1,sad)"]'],
  [`array[odd.span(1, 2)]`, '["[1,2)"]'],
  [`array[int4range(1, 4)]`, '["[1,4)"]'],
  [`array[null::odd.rows]`, '[null]'],
]

test('each type has its JSON', async () => {
  for (const [expression, json] of TYPED) assert.equal(await written(expression), json, expression)
})

test('money is a string, in whatever currency the database has', async () => {
  assert.match(await written('12.34::money'), /^"[^"]*12[.,]34[^"]*"$/)
})

test('an array of each type is a JSON array of its elements', async () => {
  for (const [expression, json] of ARRAYS) assert.equal(await written(expression), json, expression)
})

test('raw output is what Postgres prints, arrays and floats too', async () => {
  const headers = { 'neon-raw-text-output': 'true' }
  for (const [expression, json] of [
    ['true', '"t"'],
    ['1::float8', '"1"'],
    [`'{"b":1, "a":[]}'::jsonb`, '"{\\"a\\": [], \\"b\\": 1}"'],
    [`'[5:6]={1,NULL}'::int[]`, '"[5:6]={1,NULL}"'],
    ['null::int', 'null'],
  ] as const) {
    assert.equal(await written(expression, headers), json, expression)
  }
})

test('types created after the first query are recognized, in every database', async () => {
  assert.equal(await written(`array['sad']::odd.mood[]`), '["sad"]')
  await local.ask(`create type odd.later as enum ('x')`)
  assert.equal(await written(`array['x']::odd.later[]`), '["x"]')
  await local.ask('drop type odd.later')
  await local.ask('create type odd.later as (a int)')
  assert.equal(await written(`array[row(1)]::odd.later[]`), '["(1)"]')
})
