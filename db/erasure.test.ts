import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Client } from 'pg'
import { startTestDatabase, type TestDatabase } from '../dev/postgres/testing/test-database'
import { migrate } from './migrate'
import { connect } from '../proxy/test/testing/as-user'
import { ALICE, BOB } from './testing/people'

let database: TestDatabase
let owner: Client
let eraserUrl: string

before(async () => {
  database = await startTestDatabase()
  const url = new URL(database.ownerUrl)
  url.username = 'eraser'
  url.password = 'of the tests'
  eraserUrl = url.href
  await migrate({ databaseUrl: database.ownerUrl, eraserDatabaseUrl: eraserUrl })
  owner = await connect(database.ownerUrl)
})

after(async () => {
  // The role is the whole server's.
  await owner.query('alter role eraser nologin password null')
  await owner.end()
  await database.stop()
})

async function asEraser<T>(work: (eraser: Client) => Promise<T>): Promise<T> {
  const eraser = await connect(eraserUrl)
  try {
    return await work(eraser)
  } finally {
    await eraser.end()
  }
}

const erase = (userId: string) =>
  asEraser((eraser) => eraser.query('select erasure.erase_user($1)', [userId]))

test('deleting a user deletes all their rows, and nobody else’s', async () => {
  await owner.query(
    `insert into todos (user_id, task) values ($1, 'a'), ($1, 'b'), ($2, 'Bob’s errand')`,
    [ALICE, BOB],
  )
  await erase(ALICE)
  assert.deepEqual(await placesOf(ALICE), [])
  const { rows } = await owner.query('select task from todos where user_id = $1', [BOB])
  assert.deepEqual(rows, [{ task: 'Bob’s errand' }])
  // Clerk may report it twice.
  await erase(ALICE)
})

/** Every table with a row that has the user's id in it. */
async function placesOf(userId: string): Promise<string[]> {
  const { rows: tables } = await owner.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
  )
  const found: string[] = []
  for (const { name } of tables) {
    const { rowCount } = await owner.query(
      `select from ${name} as t where strpos(to_jsonb(t)::text, to_jsonb($1::text)::text) > 0 limit 1`,
      [userId],
    )
    if (rowCount !== 0) found.push(name)
  }
  return found
}

const FORBIDDEN: [string, string][] = [
  ['read todos', 'select * from todos'],
  ['delete todos', 'delete from todos'],
  ['read the session keys', 'select * from private.session_keys'],
  ['become a user', 'set role authenticated'],
  ['become the one who becomes users', 'set role authenticator'],
  ['become the owner', 'set role postgres'],
  ['undo the hardening', 'select private.harden()'],
  ['create a table', 'create table public.mine (id int)'],
  ['create a function', `create function erasure.f() returns int language sql as 'select 1'`],
  ['replace the function', 'drop function erasure.erase_user(text)'],
  ['create a temporary table', 'create temporary table todos (user_id text)'],
]

for (const [what, sql] of FORBIDDEN) {
  test(`the role that deletes may not ${what}`, async () => {
    await assert.rejects(
      asEraser((eraser) => eraser.query(sql)),
      { code: '42501' },
    )
  })
}

test('nobody but that role may delete a user', async () => {
  for (const role of ['authenticated', 'anonymous', 'authenticator']) {
    await owner.query('begin')
    await owner.query(`set local role ${role}`)
    await assert.rejects(owner.query(`select erasure.erase_user('x')`), { code: '42501' }, role)
    await owner.query('rollback')
  }
})

test('a login that is not the role’s is refused when it is set up', async () => {
  await assert.rejects(
    migrate({ databaseUrl: database.ownerUrl, eraserDatabaseUrl: database.ownerUrl }),
    /ERASER_DATABASE_URL must log in as eraser/,
  )
})
