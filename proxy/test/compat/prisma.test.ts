/** Prisma with PrismaNeonHttp, by token and through the gate. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { PrismaNeonHttp } from '@prisma/adapter-neon'
import { PrismaClient } from './prisma/client.mjs'
import { startScene, type Scene } from './scene'

/** Prisma 7 does not support some versions between the long-term ones, on which the project runs. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const skip =
  major === 21 || major === 23 || (major === 22 && minor < 12)
    ? 'Prisma 7 needs Node 20.19, 22.12 or 24'
    : false

let scene: Scene
before(async () => {
  scene = await startScene()
})
after(() => scene.stop())

const as = (user: string) =>
  new PrismaClient({
    adapter: new PrismaNeonHttp(scene.connectionString, { authToken: scene.tokenOf(user) }),
  })

test(
  'reads and writes of one statement keep to the user’s rows, with all types',
  { skip },
  async () => {
    const [db, bob] = [as('alice'), as('bob')]
    const { id, ...list } = await db.list.create({ data: { name: 'Home' } })
    assert.deepEqual(list, { userId: 'alice', name: 'Home' })
    assert.deepEqual(await db.list.createMany({ data: [{ name: 'a' }, { name: 'b' }] }), {
      count: 2,
    })
    const values = {
      task: 'Buy milk',
      due: new Date('2026-03-04T05:06:07.891Z'),
      big: 9007199254740993n,
      ratio: 0.1,
      meta: { a: [1, null] },
      tags: ['a,b', 'null'],
      photo: new Uint8Array([0, 255]),
    }
    const entry = await db.entry.create({ data: { listId: id, ...values, cost: '12.50' } })
    assert.deepEqual(
      { ...entry, id, cost: String(entry.cost) },
      { ...values, id, listId: id, done: false, cost: '12.5' },
    )
    const where = { id }
    assert.deepEqual(
      await db.list.findMany({ where: { name: { contains: 'OM', mode: 'insensitive' } } }),
      [{ id, userId: 'alice', name: 'Home' }],
    )
    assert.equal((await db.list.findUnique({ where }))?.name, 'Home')
    assert.deepEqual(
      await db.list.findMany({
        skip: 1,
        take: 1,
        orderBy: { name: 'asc' },
        select: { name: true },
      }),
      [{ name: 'a' }],
    )
    assert.deepEqual(
      await db.list.findMany({
        where,
        select: {
          name: true,
          todos: { select: { task: true } },
          _count: { select: { todos: true } },
        },
      }),
      [{ name: 'Home', todos: [{ task: 'Buy milk' }], _count: { todos: 1 } }],
    )
    assert.equal(await db.list.count(), 3)
    const { _sum } = await db.entry.aggregate({ _sum: { cost: true } })
    assert.equal(JSON.stringify(_sum), '{"cost":"12.5"}')
    assert.equal((await db.list.groupBy({ by: ['userId'], _count: true })).length, 1)
    assert.equal((await db.list.update({ where, data: { name: 'House' } })).name, 'House')
    assert.deepEqual(await db.entry.updateMany({ data: { done: true } }), { count: 1 })
    const upserted = await db.list.upsert({
      where,
      create: { id, name: 'x' },
      update: { name: 'y' },
    })
    assert.equal(upserted.name, 'y')
    assert.deepEqual(
      await db.$queryRaw`select count(*)::int as n from compat_lists where name <> ${'q'}`,
      [{ n: 3 }],
    )
    assert.equal(await db.$executeRaw`update compat_lists set name = ${'q'}`, 3)
    assert.deepEqual(await bob.list.findMany(), [])
    await assert.rejects(bob.list.update({ where, data: { name: 'mine' } }), { code: 'P2025' })
    assert.equal((await db.list.delete({ where })).id, id)
    assert.deepEqual(await db.list.deleteMany(), { count: 2 })
  },
)

test('anything that needs a transaction is refused by the adapter itself', { skip }, async () => {
  const db = as('alice')
  const refusal = /Transactions are not supported in HTTP mode/
  await assert.rejects(db.$transaction([db.list.count(), db.list.count()]), refusal)
  await assert.rejects(
    db.$transaction(() => Promise.resolve()),
    refusal,
  )
  await assert.rejects(
    db.list.create({ data: { name: 'n', todos: { create: [{ task: 'x' }] } } }),
    refusal,
  )
})

test('errors carry the code from Postgres or the gate', { skip }, async () => {
  const db = as('alice')
  const listId = '00000000-0000-4000-8000-000000000000'
  await assert.rejects(
    db.entry.create({ data: { listId, task: 'x' } }),
    /row-level security policy for table "compat_entries"/,
  )
  await assert.rejects(db.$executeRaw`drop table compat_lists`, /statement refused by the proxy/)
})
