import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { ProxyError } from '../errors'
import { createGate, type Gate } from './gate'
import { requireSmallPatterns } from './pattern-params'

let gate: Gate
before(async () => {
  gate = await createGate()
})

async function run(sql: string, params: readonly string[] = []): Promise<void> {
  requireSmallPatterns([{ sql, params, arrayMode: undefined }], [await gate(sql)])
}

async function refusal(sql: string, params: readonly string[] = []): Promise<ProxyError> {
  const outcome = await run(sql, params).catch((error: unknown) => error)
  assert.ok(outcome instanceof ProxyError, `let through: ${sql}`)
  return outcome
}

const LONG = 'a'.repeat(201)
const LONG_LIST = `{${'1,'.repeat(200)}1}`

test('searches of applications pass', async () => {
  const searches: readonly (readonly [string, ...string[]])[] = [
    [`select * from memos where body ilike '%' || $1 || '%'`, 'milk'],
    [`select * from memos where lower(body) like lower($1) || '%' escape '!'`, 'a'.repeat(198)],
    [`select * from memos where body like coalesce($1, '%')`, 'a'],
    [`select * from memos where body not like all (array[$1, $2])`, 'a', 'b'],
    [`select * from memos where body similar to $1 or body ~ $1`, LONG],
    [`select * from memos where id = any($1)`, LONG_LIST],
    [`select * from memos where id = any($1::uuid[]) or $2 = any(tags)`, LONG_LIST, 'a'],
    [`select * from memos where id in ($1, $2) or user_id = auth.user_id()`, LONG, LONG],
    [`select * from memos where tags @> $1 or tags && array[$2, $3]::text[]`, '{a,b}', 'a', 'b'],
    [`select * from memos where $1 <@ tags or data ? $2`, '{a,b}', 'a'],
    [`select * from memos where data ->> 'x' = $1 and data @> $2::jsonb`, LONG, '{"a": [1, 2]}'],
    [
      `update memos set data = jsonb_set(data, '{a}', $1), tags = array_remove(tags, $2)`,
      LONG,
      'a',
    ],
    [`select to_tsvector('english', body) @@ websearch_to_tsquery('english', $1) from memos`, LONG],
    [
      `select split_part(body, ',', 1), replace(body, $1, ''), position('a' in body) from memos`,
      'a',
    ],
    [`select trim(body), trim(both ' "' from body), string_to_array(body, ',') from memos`],
    [`select * from memos where auth.user_id() = any(members)`],
  ]
  for (const [sql, ...params] of searches) await run(sql, params)
})

test('a search for a value of unknown size is refused, however it is written', async () => {
  for (const sql of [
    `select strpos(a, b) from t`,
    `select strpos(a, (select b)) from t`,
    `select pg_catalog.strpos(a, b || 'x') from t`,
    `select position(b in a) from t`,
    `select split_part(a, b, 1), 1 from t`,
    `select replace(a, b, '') from t`,
    `select * from t, string_to_table(t.a, t.b) x`,
    `select string_to_array(a, b) from t`,
    `select translate(a, b, '') from t`,
    `select btrim(a, b) from t`,
    `select trim(leading b from a) from t`,
    `select a like b from t`,
    `select a not ilike '%' || b from t`,
    `select a like b escape '!' from t`,
    `select a like any (b) from t`,
    `select a ~~ any (select b from t) from t`,
    `select a operator(pg_catalog.~~) b from t`,
    `select a @> b from t`,
    `select a <@ b from t`,
    `select a operator(pg_catalog.&&) b from t`,
    `select a @> array[b] from t`,
    `select a @> coalesce(b, $1) from t`,
    `select a ?| b from t`,
    `select a = any (b) from t`,
    `select a < all (b) from t`,
    `select array_position(a, b) from t`,
    `select plainto_tsquery(a) from t`,
    `select (a).websearch_to_tsquery from t`,
    `select x.plainto_tsquery from unnest($1::text[]) x`,
    `select jsonb_path_query(a, b) from t`,
    `select a @? b from t`,
    `select a @@ b from t`,
    `select strpos(a, nullif(b, 'x')) from t`,
    `select strpos(a, case when true then b end) from t`,
    `select strpos(a, $1::char(10000000)) from t`,
    `select strpos(a, '1e131071'::numeric::text) from t`,
    `select strpos(a, '[1e131071]'::jsonb::text) from t`,
    `select strpos(a, (2::numeric ^ 400000)::text) from t`,
    `merge into t using s on true when matched and t.a like s.b then delete`,
    `update t set a = replace(a, b, '') where true`,
  ]) {
    assert.match((await refusal(sql)).message, /made of constants and parameters/, sql)
  }
})

test('patterns must be small, as constants or parameters, each and all together', async () => {
  const { code, fields, message } = await refusal(`select a like $1 from t`, [LONG])
  assert.equal(code, 'pattern_too_large')
  assert.equal(fields.code, '54000')
  assert.match(message, /200 bytes or list elements/)
  const tooLarge: readonly (readonly [string, ...string[]])[] = [
    [`select a like '${LONG}' from t`],
    [`select a like '%' || $1 || '%' from t`, 'a'.repeat(199)],
    [`select a like $1, b like $2 from t`, 'a'.repeat(101), 'a'.repeat(101)],
    [`select a like $1, b like $1 from t`, 'a'.repeat(101)],
    [`select a like any ($1) from t`, `{${LONG}}`],
    [`select a @> $1 from t`, LONG_LIST],
    [`select a @> $1::jsonb from t`, `[${'[],'.repeat(101)}[]]`],
    [`select strpos(a, $1) from t`, '1e131071'],
    [`select translate(a, $1, '') from t`, 'a'.repeat(20)],
  ]
  for (const [sql, ...params] of tooLarge) await refusal(sql, params)
})

test('a text that becomes a tsquery must be short, however it becomes one', async () => {
  const long = 'a & '.repeat(300)
  for (const expression of [
    `$1::tsquery`,
    `numnode($1)`,
    `querytree($1)`,
    `ts_rank(to_tsvector(a), $1)`,
    `to_tsvector(a) @@ $1`,
    `$1 @@ to_tsvector(a)`,
    `to_tsquery('b') || $1`,
    `to_tsquery('b') && $1`,
  ]) {
    const sql = `select ${expression} from t`
    await run(sql, ['a & b'])
    assert.equal((await refusal(sql, [`${long}a`])).fields.code, '54000', expression)
  }
  for (const sql of [`select a::tsquery from t`, `select cast(a || $1 as tsquery) from t`]) {
    assert.match((await refusal(sql)).message, /made of constants and parameters/, sql)
  }
})

test('the number of calls per row is bounded', async () => {
  const columns = (expression: string, count: number) =>
    `select ${Array.from({ length: count }, () => expression).join()} from t`
  for (const expression of ['md5(a)', 'lower(a || b)', '(a).md5', 'a::text', 'a::jsonb']) {
    await run(columns(expression, 10))
    assert.match((await refusal(columns(expression, 100))).message, /too many functions/)
  }
  await refusal(`select ${'x.md5,'.repeat(100)} 1 from unnest($1::text[]) x`)
  await refusal(`select ${'2.5 ^ 400000,'.repeat(100)} 1`)
  await refusal(`select ${'factorial(30000),'.repeat(100)} 1`)
  await run(columns('lower($1)', 1_000), ['a'])
  const { fields } = await refusal(columns('lower($1)', 1_000), ['a'.repeat(2_000_000)])
  assert.equal(fields.code, '54000')
  await run(columns('count(*)', 100))
  await run(columns(`sum(a) filter (where b = 'x')`, 100))
  await run(`select * from t where ${'id = $1 or '.repeat(1_000)} false`)
  await run(`insert into t values ${'($1::uuid, lower($2), now()),'.repeat(1_000)} (null, $1, $2)`)
})

test('geometry is refused', async () => {
  for (const sql of [
    `select a <-> b from t`,
    `select a operator(pg_catalog.?#) b from t`,
    `select a ~= b from t`,
    `select '(1,1)'::point`,
    `select cast($1 as path)`,
    `select polygon '((1,1))'`,
    `select '{}'::box[]`,
    `select path($1)`,
    `select * from json_to_record($1) as x (a path)`,
  ]) {
    assert.equal((await refusal(sql)).code, 'statement_refused', sql)
  }
})
