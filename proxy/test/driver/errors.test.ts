import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { neon, neonConfig, NeonDbError } from '@neondatabase/serverless'
import { Client, DatabaseError } from 'pg'
import { startPasswordProxy, type PasswordProxy } from '../testing/password'

let local: PasswordProxy
let direct: Client
before(async () => {
  local = await startPasswordProxy()
  neonConfig.fetchEndpoint = local.proxy.sqlUrl
  const url = new URL(local.connectionString())
  url.host = new URL(local.proxy.authenticatorUrl).host
  direct = new Client({ connectionString: url.href })
  await direct.connect()
  for (const sql of SETUP) assert.equal((await local.ask(sql)).status, 200, sql)
})
after(async () => {
  await direct.end()
  await local.stop()
})

const SETUP = [
  'create schema bad',
  'create domain bad.short as text check (length(value) < 5)',
  `create type bad.mood as enum ('sad')`,
  'create table bad.parent (id int primary key)',
  `create table bad.child (id int unique, parent int not null references bad.parent,
    n int check (n > 0), code char(2), word bad.short, exclude using gist (int4range(id, n) with &&))`,
  `create function bad.nested() returns int language plpgsql as
    $$ begin return (select 1 / (n - n) from (values (1)) as v (n)); end $$`,
  `create function bad.raises() returns int language plpgsql as $$ begin
    raise 'message' using detail = 'ünï', hint = 'hint', errcode = 'ABCDE', table = 't', column = 'c',
      schema = 's', constraint = 'x', datatype = 'd'; end $$`,
]

const STATEMENTS: readonly (readonly [sql: string, params?: unknown[]])[] = [
  ['select 1 / 0'],
  ['selec 1'],
  ['select 123 where x'],
  [`select '😀😀' as e, nowhere`],
  ['select * from no_such_table'],
  ['select no_such_function(1)'],
  ['select 1 +'],
  [`select 'unfinished`],
  [`select 'x'::int`],
  ['select $1::int', ['x']],
  ['select $1::int', []],
  ['select $1', [1, 2]],
  ['select 1; select 2'],
  [`select '\\xzz'::bytea`],
  [`select '{'::json`],
  [`select '{1,2'::int[]`],
  [`select 'happy'::bad.mood`],
  [`select 'too long'::bad.short`],
  ['select bad.nested()'],
  ['select bad.raises()'],
  ['insert into bad.child values (1, 1, 1)'],
  ['insert into bad.child values (1, null, 1)'],
  ['insert into bad.child values (1, 1, -1)'],
  [`insert into bad.child values (1, 1, 1, 'abc')`],
  ['insert into bad.parent values (1), (1)'],
  ['insert into bad.parent values (2147483648)'],
  ['create table bad.parent ()'],
  ['drop table bad.parent'],
  ['rollback to savepoint nowhere'],
  ['set no_such_setting = 1'],
  ['set statement_timeout = $$x$$'],
  ['copy bad.parent from $$/nowhere$$'],
]

const FIELDS = [
  ...['message', 'code', 'detail', 'hint', 'position', 'internalPosition', 'internalQuery'],
  ...['severity', 'where', 'table', 'column', 'schema', 'dataType', 'constraint', 'file', 'line'],
  'routine',
] as const

const fieldsOf = (error: unknown) => {
  const values = error as Readonly<Record<string, unknown>>
  return Object.fromEntries(FIELDS.map((name) => [name, values[name]]))
}

async function thrown(run: () => Promise<unknown>): Promise<unknown> {
  try {
    await run()
  } catch (error) {
    return error
  }
  return assert.fail('nothing was thrown')
}

test('an error has every field that a direct connection reports', async () => {
  const sql = neon(local.connectionString())
  for (const [text, params = []] of STATEMENTS) {
    const throughProxy = await thrown(() => sql.query(text, params))
    assert.ok(throughProxy instanceof NeonDbError, text)
    const extended = { text, values: params, queryMode: 'extended' }
    const expected = await thrown(() => direct.query(extended))
    assert.ok(expected instanceof DatabaseError, text)
    assert.deepEqual(fieldsOf(throughProxy), fieldsOf(expected), text)
  }
})

test('an error inside a batch is reported like the same error alone', async () => {
  const sql = neon(local.connectionString())
  for (const [text, params = []] of STATEMENTS) {
    const alone = await thrown(() => sql.query(text, params))
    const batch = sql.transaction([sql`select 1`, sql.query(text, params), sql`select 2`])
    const inBatch = await thrown(() => batch)
    // Outside a transaction there is no savepoint.
    if (text.startsWith('rollback')) assert.equal((inBatch as NeonDbError).code, '3B001')
    else assert.deepEqual(fieldsOf(inBatch), fieldsOf(alone), text)
  }
})

test('an error that only COMMIT detects is reported as well', async () => {
  await local.ask('create table bad.late (id int unique deferrable initially deferred)')
  const sql = neon(local.connectionString())
  const error = await thrown(() =>
    sql.transaction([sql`insert into bad.late values (1), (1)`, sql`select 1`]),
  )
  assert.ok(error instanceof NeonDbError)
  assert.deepEqual([error.code, error.table], ['23505', 'late'])
  assert.deepEqual(await sql`select * from bad.late`, [])
})

test('a wrong user and a wrong password are reported like Neon does', async () => {
  for (const parts of [{ user: 'xnobody' }, { password: 'wrong' }]) {
    const sql = neon(local.connectionString(parts))
    await assert.rejects(sql`select ${1}::int as one`, {
      name: 'NeonDbError',
      message: `password authentication failed for user '${parts.user ?? local.keeper}'`,
    })
  }
})
