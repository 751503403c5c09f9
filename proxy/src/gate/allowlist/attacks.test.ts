import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { ProxyError } from '../../errors'
import { createGate, type Gate } from '../gate'
import { withAllowlist } from './allowlist'
import { formatFile } from './file'

let folder: string
let gate: Gate
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'allowlist-attacks-'))
  gate = await createGate()
})
after(() => {
  rmSync(folder, { recursive: true, force: true })
})

const ADD = `insert into memos (id, user_id, body, is_archived, inserted_at)
  values (default, default, $1, default, default) returning id, body`
const COLUMNS = 'id, user_id, body, is_archived, inserted_at'

/** [what is listed, what Bob sends instead]; the gate lets each of them through */
const ATTACKS: readonly (readonly [listed: string, sent: string])[] = [
  // DEFAULT is not a client's value.
  [ADD, ADD.replace('(default', `('7d444840-9dc0-11d1-b245-5ffdce74fad2'`)],
  [ADD, ADD.replace('(default, default', '(default, $2')],
  [ADD, ADD.replace('default, default)', `'true', '1999-01-01')`)],
  [ADD, ADD.replace('default, default)', '$2, $3)')],
  [ADD, ADD.replace('$1', 'default')],
  [ADD, ADD.replace('$1', `'stolen'`)],
  [ADD, ADD.replace('$1', '$2')],
  // Number and order.
  [
    ADD,
    ADD.replace(
      ') returning',
      `)${', (default, default, $1, default, default)'.repeat(2999)} returning`,
    ),
  ],
  [ADD, ADD.replace(`(${COLUMNS})`, '(id, body, user_id, is_archived, inserted_at)')],
  [ADD, ADD.replace('returning id, body', 'returning id, body, body')],
  [ADD, ADD.replace('returning id, body', 'returning body, id')],
  [ADD, ADD.replace(' returning id, body', '')],
  ['select id, body from memos', `select id${', body'.repeat(1602)} from memos`],
  ['select id, body from memos', 'select body, id from memos'],
  ['update memos set body = $1, is_archived = $2', 'update memos set is_archived = $2, body = $1'],
  ['update memos set body = $1, is_archived = $2', 'update memos set body = $2, is_archived = $1'],
  ['select coalesce(body, $1) from memos', 'select coalesce($1, body) from memos'],
  ['select 1 where $1 = 1 and $2 = 2', 'select 1 where $2 = 2 and $1 = 1'],
  ['select id from memos where id in ($1, $2)', 'select id from memos where id in ($1)'],
  ['select id from memos where id in ($1, $2)', 'select id from memos where id in ($1, $2, $2)'],
  ['select 1 union select 2', 'select 1 union select 2 union select 2'],
  ['select a from t, t as u', 'select a from t, t as u, t as v'],
  ['select a from t order by a, b', 'select a from t order by b, a'],
  ['select a from t group by a, b', 'select a from t group by a, b, a'],
  // Constants are part of the statement.
  ['select body from memos limit 10', 'select body from memos limit 1000000'],
  ['select body from memos limit 10', 'select body from memos limit $1'],
  ['select body from memos limit 10', 'select body from memos limit null'],
  ['select body from memos limit 10', 'select body from memos'],
  ['select body from memos limit 10', 'select body from memos limit 10 offset 10'],
  ['select body from memos limit $1', 'select body from memos limit 5'],
  [
    'select body from memos where is_archived = true',
    'select body from memos where is_archived = false',
  ],
  [
    'select body from memos where is_archived is true',
    'select body from memos where is_archived is not true',
  ],
  [`select body from memos where body = ''`, `select body from memos where body = null`],
  [`select body from memos where body = '1'`, 'select body from memos where body = 1'],
  [`select body from memos where body = '0'`, `select body from memos where body = B'0'`],
  ['select 1', 'select 1.0'],
  ['select 1', 'select 2'],
  ['select 1', 'select -1'],
  ['select generate_series(1, 10)', 'select generate_series(1, 99999999)'],
  ['select 9007199254740993', 'select 9007199254740992'],
  ['select 0', 'select'],
  // Types, operators, kinds of clauses.
  ['select $1::text', 'select $1::int'],
  ['select $1::text', 'select $1'],
  ['select $1::varchar(10)', 'select $1::varchar(10000)'],
  ['select $1::int[]', 'select $1::int[][]'],
  ['select a from t order by a', 'select a from t order by a desc'],
  ['select a from t order by a', 'select a from t order by a nulls first'],
  ['select a from t where b = $1', 'select a from t where b <> $1'],
  ['select a from t where b < all ($1)', 'select a from t where b < any ($1)'],
  ['select a from t where not b', 'select a from t where b'],
  ['select a from t join u using (x)', 'select a from t left join u using (x)'],
  ['select a from t', 'select distinct a from t'],
  ['select a from t', 'select a from t for update'],
  ['select a from t for update', 'select a from t for update nowait'],
  ['select a from t', 'select a from only t'],
  ['select count(a) from t', 'select count(distinct a) from t'],
  ['select count(a) from t', 'select count(*) from t'],
  [
    'select sum(a) over (order by a) from t',
    'select sum(a) over (order by a rows 1 preceding) from t',
  ],
  ['select 1 union select 2', 'select 1 union all select 2'],
  ['with x as (select 1) select * from x', 'with x as materialized (select 1) select * from x'],
  ['insert into t (a) values ($1) on conflict do nothing', 'insert into t (a) values ($1)'],
  [
    'insert into t (a) values ($1) on conflict (a) do nothing',
    'insert into t (a) values ($1) on conflict (a) do update set a = $1',
  ],
  [
    'insert into t (a) values ($1) on conflict (a) do update set b = $2',
    'insert into t (a) values ($1) on conflict (a) do update set b = default',
  ],
  [
    'insert into t (a) values ($1) on conflict (a) do update set b = $2 where t.c = 1',
    'insert into t (a) values ($1) on conflict (a) do update set b = $2 where t.c = 2',
  ],
  ['insert into t (a) values ($1)', 'insert into t (a) overriding system value values ($1)'],
  ['insert into t (a) values ($1)', 'insert into t values ($1)'],
  ['insert into t (a) values ($1)', 'insert into t (a) select $1'],
  ['delete from t where id = $1', 'delete from t'],
  ['delete from t where id = $1', 'delete from t where id = id'],
  // Names.
  ['select a from memos_2025', 'select a from memos_2026'],
  ['select a as x from t', 'select a as y from t'],
  ['select a from t', 'select a from public.t'],
  ['select a from t', 'select "A" from t'],
  ['select a from t where x = y', 'select a from t where y = x'],
]

test('a statement that differs from the listed one in more than spelling is refused', async () => {
  for (const [listed, sent] of ATTACKS) {
    const shown = sent.slice(0, 120)
    // It must pass the gate, so that only the list refuses it.
    await gate(sent)
    const list = await listing(listed)
    await list(listed)
    const error = await list(sent).then(
      () => assert.fail(`let through: ${shown}`),
      (thrown: unknown) => thrown,
    )
    assert.ok(error instanceof ProxyError)
    assert.equal(error.code, 'statement_not_listed', shown)
  }
})

test('spaces, comments, the case of keywords, needless quotes and a semicolon do not matter', async () => {
  const list = await listing(`select id, 'It''s' from memos where body = $1 limit 10`)
  for (const sql of [
    `SELECT id, 'It''s'\n FROM memos /* all */ WHERE body=$1 LIMIT 10;`,
    `select "id", e'It\\'s' from "memos" where (body) = $1 -- now\n limit 10`,
    `select Id, U&'It''s' FROM MEMOS where body = $1 fetch first 10 rows only`,
  ])
    await list(sql)
})

async function listing(sql: string): Promise<Gate> {
  const path = join(folder, `${process.hrtime.bigint()}`)
  writeFileSync(path, formatFile([sql.replace(/\s+/g, ' ')]))
  const listed = await withAllowlist(gate, path, () => undefined)
  listed.close()
  return listed.gate
}
