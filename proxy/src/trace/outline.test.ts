import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { createParser, type Parser } from '../gate/parser'
import { outline } from './outline'

let parser: Parser
before(async () => {
  parser = await createParser()
})

const relationsOf = async (sql: string) =>
  (await outline(parser, sql))?.relations.map(({ schema, name, commands }) =>
    [schema === undefined ? name : `${schema}.${name}`, ...[...commands].sort()].join(' '),
  )

test('each table is named once, with the commands whose policies decide', async () => {
  const cases: [sql: string, ...expected: string[]][] = [
    ['select * from memos m join public.lists using (id)', 'memos select', 'public.lists select'],
    ['select id from memos for update', 'memos select update'],
    [`insert into memos (body) values ('x')`, 'memos insert'],
    [`insert into memos (body) values ('x') returning id`, 'memos insert select'],
    [
      `insert into memos (body) values ('x') on conflict (id) do update set body = 'y'`,
      'memos insert select update',
    ],
    [`update memos set body = 'x'`, 'memos update'],
    [`update memos set body = 'x' where id = $1`, 'memos select update'],
    ['delete from memos', 'memos delete'],
    [
      'delete from memos using lists where lists.id = memos.id',
      'memos delete select',
      'lists select',
    ],
    [
      'merge into memos m using lists l on m.id = l.id when matched then delete when not matched then insert (id) values (l.id)',
      'memos delete insert select',
      'lists select',
    ],
    ['with d as (delete from memos returning id) select * from d', 'memos delete select'],
    ['select 1', ...[]],
  ]
  for (const [sql, ...expected] of cases) {
    assert.deepEqual((await relationsOf(sql))?.sort(), expected.sort(), sql)
  }
})

test('the tree is short, one line a node, with the names and constants of the statement', async () => {
  const { tree = [] } =
    (await outline(parser, `select id, lower(body) from memos where is_archived = false`)) ?? {}
  assert.deepEqual(
    tree.map(({ depth, text }) => `${'  '.repeat(depth)}${text}`),
    [
      'SelectStmt',
      '  targetList: ColumnRef id',
      '  targetList: FuncCall lower()',
      '    args: ColumnRef body',
      '  fromClause: RangeVar memos',
      '  whereClause: A_Expr =',
      '    lexpr: ColumnRef is_archived',
      '    rexpr: A_Const false',
    ],
  )
})

test('any statement can be outlined, and only one that EXPLAIN takes is explainable', async () => {
  for (const [sql, isExplainable] of [
    ['select 1', true],
    ['values (1)', true],
    ['set role postgres', false],
    ['create table x (id int)', false],
    ['select 1; select 2', false],
    ['', false],
  ] as const) {
    assert.equal((await outline(parser, sql))?.isExplainable, isExplainable, sql)
  }
  assert.equal(await outline(parser, 'selct 1'), undefined)
})

test('a statement of any size and depth has a short tree', async () => {
  const deep = `select ${'('.repeat(400)}1${' + 1)'.repeat(400)}`
  const wide = `select * from memos where id in (${Array.from({ length: 20_000 }, String).join(', ')})`
  const long = `select '${'x'.repeat(5_000)}'`
  for (const sql of [deep, wide, long]) {
    const { tree = [] } = (await outline(parser, sql)) ?? {}
    assert.ok(tree.length > 0 && tree.length <= 100)
    for (const { text } of tree) assert.ok(text.length < 120)
  }
})
