import { randomUUID } from 'node:crypto'
import { test as base } from '@playwright/test'
import { expect, test, withPerson, type Person } from './fixtures'
import { ownToken, runSql } from './sql-console'
import { TodoScreen } from './todo-screen'

/** What Bob types into his console, given Alice's user id; none of it may reach her rows. */
const ATTACKS: [string, (aliceId: string) => string][] = [
  ['reading every row', () => 'select * from todos'],
  ['reading Alice’s rows by name', (id) => `select * from todos where user_id = '${id}'`],
  [
    'counting other people’s rows',
    () => 'select count(*) from todos where user_id <> auth.user_id()',
  ],
  ['changing every row', () => "update todos set task = 'Bob was here' returning *"],
  ['deleting every row', () => 'delete from todos returning *'],
  [
    'planting a row on Alice',
    (id) => `insert into todos (task, user_id) values ('planted', '${id}')`,
  ],
  ['giving a row of his to Alice', (id) => `update todos set user_id = '${id}'`],
  [
    'forging claims in a setting',
    (id) => `select set_config('request.jwt.claims', '{"sub":"${id}"}', false), * from todos`,
  ],
  [
    'forging the sealed identity',
    (id) =>
      `with me as (select set_config('auth.session_token', '${id}', true)) select * from todos, me`,
  ],
  ['becoming another role', () => 'set role postgres'],
  ['several statements in one', () => 'select 1; select * from todos'],
  ['reading the keys', () => 'select * from private.session_keys'],
  ['reading other people’s SQL', () => 'select query from pg_stat_activity'],
  ['turning row-level security off', () => 'alter table todos disable row level security'],
  [
    'reading through an XML function',
    () => "select query_to_xml('select * from todos', true, true, '')",
  ],
]

/** The same two people for all attacks: signing in and loading pages takes most of a test's time. */
const attack = base.extend<object, { victim: Person; attacker: Person }>({
  victim: [({ browser }, use) => withPerson(browser, 'Alice', use), { scope: 'worker' }],
  attacker: [
    ({ browser }, use) =>
      withPerson(browser, 'Bob', async (bob) => {
        await TodoScreen.open(bob.page, '/server')
        await use(bob)
      }),
    { scope: 'worker' },
  ],
})

for (const [what, sql] of ATTACKS) {
  attack(`Bob’s own SQL gets nothing of Alice’s by ${what}`, async ({ victim, attacker }) => {
    const canary = `secret ${randomUUID()}`
    const hers = await TodoScreen.open(victim.page, '/server')
    await hers.deleteAll()
    await hers.add(canary)
    const { page } = attacker
    const token = await ownToken(page)
    const bobs = `insert into todos (task) values ('Bob’s errand')`
    expect((await runSql(page, bobs, { token })).status).toBe(200)

    const answer = await runSql(page, sql(victim.userId), { token })

    expect(answer.text).not.toContain(canary)
    expect([200, 400]).toContain(answer.status)
    await hers.reload()
    await hers.expectTasks([canary])
  })
}

test('Bob’s own SQL works on his own rows, so the attacks did reach Postgres', async ({ bob }) => {
  const screen = await TodoScreen.open(bob.page, '/browser')
  await screen.add('Bob’s errand')
  const token = await ownToken(bob.page)
  const read = await runSql(bob.page, 'select task, user_id from todos', { token })
  expect(read.status).toBe(200)
  expect(read.text).toContain('Bob’s errand')
  expect(read.text).toContain(bob.userId)
  const renamed = await runSql(bob.page, 'update todos set task = $1', { token, params: ['Mine'] })
  expect(renamed.status).toBe(200)
  await screen.reload()
  await screen.expectTasks(['Mine'])
})
