import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startPasswordProxy, type PasswordProxy } from '../testing/password'

let local: PasswordProxy
before(async () => {
  local = await startPasswordProxy()
})
after(() => local.stop())

/** In order, because each may need objects of an earlier one. */
const COMMANDS: readonly (readonly [sql: string, command: string, rowCount: number | null])[] = [
  ['create table t (id int primary key, n int)', 'CREATE', null],
  ['insert into t select i, i from generate_series(1, 3) as i', 'INSERT', 3],
  ['insert into t values (4, 4) returning id', 'INSERT', 1],
  ['insert into t values (4, 4) on conflict do nothing', 'INSERT', 0],
  ['select * from t', 'SELECT', 4],
  ['select 1 where false', 'SELECT', 0],
  ['select from t', 'SELECT', 4],
  ['table t', 'SELECT', 4],
  ['values (1), (2)', 'SELECT', 2],
  ['update t set n = 0 where id > 2', 'UPDATE', 2],
  ['delete from t where id = 4', 'DELETE', 1],
  [
    'merge into t using (values (1)) as v (id) on t.id = v.id when matched then do nothing',
    'MERGE',
    0,
  ],
  ['create table copied as select * from t', 'SELECT', 3],
  ['create materialized view seen as select * from t', 'SELECT', 3],
  ['refresh materialized view seen', 'REFRESH', null],
  [`copy t to '/dev/null'`, 'COPY', 3],
  ['create index on t (n)', 'CREATE', null],
  ['create view v as select * from t', 'CREATE', null],
  ['alter table t add column more int', 'ALTER', null],
  ['comment on table t is $$x$$', 'COMMENT', null],
  ['grant select on t to public', 'GRANT', null],
  ['revoke select on t from public', 'REVOKE', null],
  ['analyze t', 'ANALYZE', null],
  ['vacuum t', 'VACUUM', null],
  ['reindex table t', 'REINDEX', null],
  ['explain select 1', 'EXPLAIN', null],
  ['show server_version', 'SHOW', null],
  ['set work_mem = 1024', 'SET', null],
  ['reset work_mem', 'RESET', null],
  ['listen channel', 'LISTEN', null],
  ['notify channel', 'NOTIFY', null],
  ['unlisten *', 'UNLISTEN', null],
  ['prepare p as select 1', 'PREPARE', null],
  ['discard all', 'DISCARD', null],
  ['do $$ begin end $$', 'DO', null],
  ['begin', 'BEGIN', null],
  ['start transaction', 'START', null],
  ['commit', 'COMMIT', null],
  ['rollback', 'ROLLBACK', null],
  ['checkpoint', 'CHECKPOINT', null],
  ['truncate t', 'TRUNCATE', null],
  ['drop table t cascade', 'DROP', null],
  ['', '', null],
  ['/* nothing */ -- at all', '', null],
]

test('command and rowCount come from each command’s tag', async () => {
  for (const [sql, command, rowCount] of COMMANDS) {
    const { json } = await local.ask(sql)
    assert.deepEqual([json.command, json.rowCount], [command, rowCount], sql)
  }
})

test('so do commands that need a batch', async () => {
  const { json } = await local.ask({
    queries: [
      { query: 'declare c cursor for select generate_series(1, 5)' },
      { query: 'fetch 3 from c' },
      { query: 'move 1 in c' },
      { query: 'close c' },
      { query: 'savepoint s' },
      { query: 'lock table pg_am in access share mode' },
    ],
  })
  assert.deepEqual(
    (json.results as { command: string; rowCount: number | null; rows: unknown[] }[]).map(
      ({ command, rowCount, rows }) => [command, rowCount, rows.length],
    ),
    [
      ['DECLARE', null, 0],
      ['FETCH', 3, 3],
      ['MOVE', 1, 0],
      ['CLOSE', null, 0],
      ['SAVEPOINT', null, 0],
      ['LOCK', null, 0],
    ],
  )
})

test('a statement without result has no fields and no rows, and no other members', async () => {
  for (const sql of ['create table u ()', 'drop table u', 'set work_mem = 1024', '']) {
    const { json } = await local.ask(sql)
    assert.deepEqual([json.fields, json.rows, json.rowAsArray], [[], [], false], sql)
    assert.deepEqual(Object.keys(json), ['fields', 'rows', 'command', 'rowCount', 'rowAsArray'])
  }
})
