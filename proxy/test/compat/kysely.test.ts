/** kysely with kysely-neon, by token and through the gate. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { neon } from '@neondatabase/serverless'
import { Kysely, sql, type Generated } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import { NeonDialect } from 'kysely-neon'
import { startScene, type Scene } from './scene'

type Tables = {
  compat_lists: { id: Generated<string>; user_id: Generated<string>; name: string }
  compat_entries: {
    id: Generated<string>
    list_id: string
    task: string
    done: Generated<boolean>
    due: Date | null
    tags: Generated<string[]>
  }
}

let scene: Scene
before(async () => {
  scene = await startScene()
})
after(() => scene.stop())

const as = (user: string) =>
  new Kysely<Tables>({
    dialect: new NeonDialect({
      neon: neon(scene.connectionString, { authToken: scene.tokenOf(user) }),
    }),
  })

test('insert, select, join, update, upsert and delete keep to the user’s rows', async () => {
  const [alice, bob] = [as('alice'), as('bob')]
  const list = await alice
    .insertInto('compat_lists')
    .values({ name: 'Home' })
    .returningAll()
    .executeTakeFirstOrThrow()
  assert.equal(list.user_id, 'alice')
  const due = new Date('2026-03-04T05:06:07.891Z')
  await alice
    .insertInto('compat_entries')
    .values([
      { list_id: list.id, task: 'a', due, tags: ['x,y', 'null'] },
      { list_id: list.id, task: 'b', due: null },
    ])
    .execute()
  const rows = await alice
    .selectFrom('compat_entries')
    .innerJoin('compat_lists', 'compat_lists.id', 'list_id')
    .select(['name', 'task', 'due', 'tags'])
    .where('task', 'in', ['a', 'c'])
    .orderBy('task')
    .execute()
  assert.deepEqual(rows, [{ name: 'Home', task: 'a', due, tags: ['x,y', 'null'] }])
  const nested = await alice
    .selectFrom('compat_lists as l')
    .select((eb) => [
      'name',
      jsonArrayFrom(
        eb
          .selectFrom('compat_entries as e')
          .select('e.task')
          .whereRef('e.list_id', '=', 'l.id')
          .orderBy('e.task'),
      ).as('entries'),
    ])
    .execute()
  assert.deepEqual(nested, [{ name: 'Home', entries: [{ task: 'a' }, { task: 'b' }] }])
  const updated = await alice.updateTable('compat_entries').set({ done: true }).executeTakeFirst()
  assert.equal(updated.numUpdatedRows, 2n)
  await alice
    .insertInto('compat_lists')
    .values({ id: list.id, name: 'House' })
    .onConflict((oc) => oc.column('id').doUpdateSet({ name: 'House' }))
    .execute()
  const raw = await sql<{ n: number }>`select count(*)::int as n from compat_lists`.execute(alice)
  assert.deepEqual(raw.rows, [{ n: 1 }])
  assert.deepEqual(await bob.selectFrom('compat_lists').selectAll().execute(), [])
  assert.equal((await bob.deleteFrom('compat_lists').executeTakeFirst()).numDeletedRows, 0n)
  assert.equal((await alice.deleteFrom('compat_lists').executeTakeFirst()).numDeletedRows, 1n)
})

test('transactions and streams are kysely-neon’s own refusals', async () => {
  const db = as('alice')
  const select = db.selectFrom('compat_lists').selectAll()
  await assert.rejects(
    db.transaction().execute((tx) => tx.selectFrom('compat_lists').selectAll().execute()),
    /transaction/i,
  )
  await assert.rejects(async () => {
    for await (const row of select.stream()) assert.fail(String(row))
  }, /stream/i)
})

test('introspection and schema changes are the gate’s refusals', async () => {
  const db = as('alice')
  await assert.rejects(db.introspection.getTables(), /statement refused by the proxy/)
  await assert.rejects(
    db.schema.dropTable('compat_lists').execute(),
    /statement refused by the proxy/,
  )
})
