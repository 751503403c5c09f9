import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { is } from 'drizzle-orm'
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'
import type { Client } from 'pg'
import { startTestDatabase, type TestDatabase } from '../dev/postgres/testing/test-database'
import { migrate } from './migrate'
import * as schema from './schema'
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
  await fillEveryTable(ALICE)
  const filled = await placesOf(ALICE)
  for (const table of getTables()) assert.ok(filled.includes(table), `${table} has a row of hers`)
  await erase(ALICE)
  assert.deepEqual(await placesOf(ALICE), [])
  const { rows } = await owner.query('select task from todos where user_id = $1 order by task', [
    BOB,
  ])
  assert.deepEqual(rows, [{ task: 'Bob’s errand' }, { task: 'Pack' }])
  // Clerk may report it twice.
  await erase(ALICE)
})

/** Every table of the schema, so that a new one has to be thought of here. */
const getTables = () =>
  Object.values(schema)
    .filter((value) => is(value, PgTable))
    .map((table) => `public.${getTableConfig(table).name}`)

/** A row with the user's id in each table. */
async function fillEveryTable(userId: string): Promise<void> {
  const listId = await newList(userId)
  await owner.query(
    `insert into list_links (list_id, role, secret_hash, created_by) values ($1, 'viewer', $2, $3)`,
    [listId, createHash('sha256').update(userId).digest('hex'), userId],
  )
  await owner.query(
    `insert into list_invitations (list_id, list_name, email, role, created_by)
     values ($1, 'Trip', 'carol@example.com', 'viewer', $2)`,
    [listId, userId],
  )
  const { rows } = await owner.query<{ id: string }>(
    `insert into todos (user_id, list_id, task) values ($1, $2, 'Pack') returning id`,
    [BOB, await newList(BOB)],
  )
  await owner.query('insert into reports (todo_id, user_id) values ($1, $2)', [rows[0]?.id, userId])
}

/** @param members in the order in which they have joined */
async function newList(
  userId: string,
  members: { userId: string; role: 'owner' | 'editor' | 'viewer' }[] = [],
): Promise<string> {
  const { rows } = await owner.query<{ id: string }>(
    `insert into lists (name, created_by) values ('Trip', $1) returning id`,
    [userId],
  )
  const id = rows[0]?.id ?? ''
  for (const [index, member] of members.entries()) {
    await owner.query(
      `insert into list_members (list_id, user_id, role, joined_at)
       values ($1, $2, $3, now() + make_interval(mins => $4))`,
      [id, member.userId, member.role, index],
    )
  }
  return id
}

const rolesIn = async (listId: string) => {
  const { rows } = await owner.query<{ user_id: string; role: string }>(
    'select user_id, role from list_members where list_id = $1 order by joined_at, user_id',
    [listId],
  )
  return rows.map((row) => `${row.user_id} ${row.role}`)
}

const CAROL = 'user_carol'
const DAVE = 'user_dave'
const viewer = { userId: DAVE, role: 'viewer' } as const

test('a list that others edit goes to the member who may for the longest', async () => {
  const list = await newList(ALICE, [
    viewer,
    { userId: BOB, role: 'editor' },
    { userId: CAROL, role: 'editor' },
  ])
  await erase(ALICE)
  assert.deepEqual(await rolesIn(list), [`${DAVE} viewer`, `${BOB} owner`, `${CAROL} editor`])
  const { rows } = await owner.query('select created_by from lists where id = $1', [list])
  assert.deepEqual(rows, [{ created_by: BOB }])
})

test('a list with another owner stays theirs', async () => {
  const list = await newList(ALICE, [
    { userId: BOB, role: 'editor' },
    { userId: CAROL, role: 'owner' },
  ])
  await erase(ALICE)
  assert.deepEqual(await rolesIn(list), [`${BOB} editor`, `${CAROL} owner`])
})

test('a list that nobody else may edit is deleted, with all that is in it', async () => {
  const list = await newList(ALICE, [viewer])
  await owner.query(`insert into todos (user_id, list_id, task) values ($1, $2, 'Pack')`, [
    BOB,
    list,
  ])
  await erase(ALICE)
  for (const table of ['lists where id', 'todos where list_id', 'list_members where list_id']) {
    const { rowCount } = await owner.query(`select from ${table} = $1`, [list])
    assert.equal(rowCount, 0, table)
  }
})

test('a member who goes leaves the lists of others, and nothing of theirs in them', async () => {
  const list = await newList(BOB, [{ userId: ALICE, role: 'editor' }])
  await owner.query(
    `insert into todos (user_id, list_id, task) values ($1, $3, 'Hers'), ($2, $3, 'His')`,
    [ALICE, BOB, list],
  )
  await erase(ALICE)
  assert.deepEqual(await rolesIn(list), [`${BOB} owner`])
  const { rows } = await owner.query('select task from todos where list_id = $1', [list])
  assert.deepEqual(rows, [{ task: 'His' }])
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
