import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Client } from 'pg'
import { startTestDatabase, type TestDatabase } from '../dev/postgres/testing/test-database'
import { DEMO_USERS } from './demo-users'
import { seed } from './seed'
import { connect } from '../proxy/test/testing/as-user'

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
    'select task from todos where user_id = $1 and list_id is null order by position, id',
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

test('the demo users share a list, once, with a todo for each view', async () => {
  await owner.query('delete from lists')
  for (const times of ['once', 'twice']) {
    await seed(database.ownerUrl)
    const { rows } = await owner.query<{ user_id: string; role: string; name: string }>(
      'select user_id, role, name from list_members order by user_id',
    )
    assert.deepEqual(
      rows,
      [
        { user_id: DEMO_USERS.alice.id, role: 'owner', name: 'Alice' },
        { user_id: DEMO_USERS.bob.id, role: 'editor', name: 'Bob' },
      ],
      times,
    )
  }
  const { rows } = await owner.query(
    `select count(*) filter (where is_complete) > 0 as completed, count(*) filter (where notes <> '') > 0 as noted,
       count(*) filter (where due_on > current_date) > 0 as upcoming, count(distinct user_id)::int as authors
     from todos where list_id is not null`,
  )
  assert.deepEqual(rows, [{ completed: true, noted: true, upcoming: true, authors: 2 }])
})
