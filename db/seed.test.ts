import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Client } from 'pg'
import { startTestDatabase, type TestDatabase } from '../dev/postgres/testing/test-database'
import { DEMO_USERS } from './demo-users'
import { seed } from './seed'
import { connect } from './testing/as-user'

let database: TestDatabase
let owner: Client

before(async () => {
  database = await startTestDatabase()
  owner = await connect(database.ownerUrl)
})

after(async () => {
  await owner.end()
  await database.stop()
})

async function tasksOf(userId: string): Promise<string[]> {
  const { rows } = await owner.query<{ task: string }>(
    'select task from todos where user_id = $1 order by inserted_at, id',
    [userId],
  )
  return rows.map((row) => row.task)
}

test('each demo user gets todos of their own, once', async () => {
  const ids = [DEMO_USERS.alice.id, DEMO_USERS.bob.id]
  assert.deepEqual(await seed(database.ownerUrl), ids)
  assert.deepEqual(await seed(database.ownerUrl), [])
  assert.deepEqual(await tasksOf(DEMO_USERS.alice.id), [
    'Water the tomatoes',
    'Book the train to Lisbon',
    'Call Grandma about Sunday',
  ])
  assert.equal((await tasksOf(DEMO_USERS.bob.id)).length, 2)
})

test('a user who has todos is left alone', async () => {
  await owner.query(`insert into todos (user_id, task) values ('user_carol', 'mine')`)
  assert.deepEqual(await seed(database.ownerUrl, ['user_carol', 'user_dave']), ['user_dave'])
  assert.deepEqual(await tasksOf('user_carol'), ['mine'])
})
