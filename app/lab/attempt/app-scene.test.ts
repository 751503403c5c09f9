/** On the app itself, verdicts rest on what is private to others, and nothing that is tried there stays. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { attackGroups, CAST_OF_WORLD } from '../break-in/attack-groups'
import type { Names } from '../service/api'
import { startTestLab, type TestLab } from '../service/testing/test-lab'
import { mayWrite, openAppScene, type AppScene, type AppUser } from './app-scene'
import { headingOf, stoppedBy } from './verdict-words'

let lab: TestLab['lab']
let stop: TestLab['stop']
let tables: Names['tables']
before(async () => {
  ;({ lab, stop } = await startTestLab())
  ;({ tables } = await lab.names())
})
after(() => stop())

/** A world has the tables of the app, and a proxy of its own before them. */
const inWorld = (world: string) => (sub: string) =>
  ({ id: sub, run: (order) => lab.run(world, { as: { sub }, ...order }) }) satisfies AppUser

describe('as shipped', () => {
  let bob: AppUser
  let alice: AppUser
  let attempt: AppScene
  before(async () => {
    const { world } = await lab.makeWorld({ variant: 'as shipped' })
    ;[bob, alice] = ['bob', 'alice'].map(inWorld(world)) as [AppUser, AppUser]
    attempt = await openAppScene(bob, [alice], tables)
  })
  const rowsOf = async ({ run }: AppUser) => {
    const { results } = await run({ sql: 'select task, user_id from todos order by id' })
    return results[0]?.rows
  }

  for (const [sql, heading] of [
    ['select * from todos', 'Ran, and got nothing of others'],
    ['select 1 / (length(task) - 22) from todos', 'Ran, and got nothing of others'],
    ['select query from pg_stat_activity', 'Stopped by the gate'],
    [`update todos set user_id = 'bob'`, 'Stopped by the grant'],
    [`insert into todos (user_id, task) values ('alice', 'planted')`, 'Stopped by the policy'],
    ['select count(*) from generate_series(1, 100000000000)', 'Stopped by the limit'],
    ['select * from todoes', 'Failed by itself'],
    ['delete from todos', 'Ran, and was undone'],
    ['with gone as (delete from todos returning *) select * from gone', 'Ran, and was undone'],
  ] as const) {
    test(`${sql}: ${heading}`, async () => {
      assert.equal(headingOf((await attempt(sql)).verdict), heading)
    })
  }

  test('a batch is undone whole', async () => {
    const before = await rowsOf(bob)
    const { verdict } = await attempt([`update todos set task = 'Mine'`, 'delete from todos'])
    assert.equal(verdict.kind, 'undecided')
    assert.deepEqual(await rowsOf(bob), before)
  })

  test('none of the attacks on rows breaks through, and none leaves a trace', async () => {
    const before = await Promise.all([bob, alice].map(rowsOf))
    const groups = attackGroups(CAST_OF_WORLD).filter(({ id }) => id === 'read' || id === 'write')
    for (const { sql, by, id } of groups.flatMap(({ attacks }) => attacks)) {
      const { verdict } = await attempt(typeof sql === 'string' ? sql : [...sql])
      assert.ok([by, null].includes(stoppedBy(verdict) as typeof by), `${id}: ${verdict.why}`)
    }
    assert.deepEqual(await Promise.all([bob, alice].map(rowsOf)), before)
  })

  test('what one has oneself, or says oneself, is no leak', async () => {
    const her = 'Water the tomatoes'
    assert.equal((await attempt(`select '${her}'`)).verdict.kind, 'ran')
    await bob.run({ sql: 'insert into todos (task) values ($1)', params: [her] })
    const later = await openAppScene(bob, [alice], tables)
    assert.equal((await later('select task from todos')).verdict.kind, 'ran')
  })

  test('where no other user is known, it is not said that nothing got through', async () => {
    const alone = await openAppScene(bob, [], tables)
    assert.equal(headingOf((await alone('select * from todos')).verdict), 'Ran')
    assert.equal(headingOf((await alone('set role postgres')).verdict), 'Stopped by the gate')
    const inNoTable = await openAppScene(bob, [alice], {})
    assert.equal(headingOf((await inNoTable('select * from todos')).verdict), 'Ran')
  })

  test('a verdict names the tables that it looked at, and no others', async () => {
    const { verdict } = await attempt('select * from reports')
    assert.match(verdict.why, /private todos is in the answer/)
  })
})

test('a text that is private to another user is a leak', async () => {
  const user = inWorld((await lab.makeWorld({ variant: 'policy loosened' })).world)
  const attempt = await openAppScene(user('bob'), [user('alice')], tables)
  const { verdict } = await attempt('select json_agg(todos) from todos')
  assert.ok(verdict.kind === 'broke through')
  assert.ok(verdict.leaked.includes('Book the train to Lisbon'))
})

test('another user who cannot be asked is an error, and no clean bill', async () => {
  const user = inWorld((await lab.makeWorld({ variant: 'as shipped' })).world)
  const refused = { ...user('alice'), run: () => user('alice').run({ sql: 'selct' }) }
  await assert.rejects(openAppScene(user('bob'), [refused], tables), { name: 'LabError' })
})

test('a statement that may write is known by its words, wherever they stand', () => {
  for (const sql of [
    'delete from todos',
    'WITH x AS (INSERT INTO todos (task) VALUES (1))SELECT 1',
    'select 1;/* */update todos set task = task',
    'with a as(select 1)merge into todos using a on true when matched then delete',
    'select * from todos for update',
  ]) {
    assert.ok(mayWrite(sql), sql)
  }
  assert.ok(!mayWrite('select task, inserted_at, updated from todos'))
})
