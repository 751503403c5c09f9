import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Client } from 'pg'
import { startTestDatabase, type TestDatabase } from '../dev/postgres/testing/test-database'
import { migrate } from './migrate'
import { connect, runAllAs, seal } from '../proxy/test/testing/as-user'
import { ORACLE, OTHER_TABLES, QUERIES } from './testing/bobs-queries'
import { BOB } from './testing/people'
import {
  byAutovacuum,
  layOutWorld,
  putStatisticsBack,
  vacuumAll,
  type World,
} from './testing/planner-worlds'

type Place = { database: TestDatabase; owner: Client; authenticator: Client }

let few: Place
let many: Place
let long: Place

async function place(world: World, analyze: (owner: Client) => Promise<unknown>): Promise<Place> {
  const database = await startTestDatabase()
  const owner = await connect(database.ownerUrl)
  await layOutWorld(owner, world)
  // As after every deployment: the new tables get what the old ones have.
  await migrate({ databaseUrl: database.ownerUrl })
  await analyze(owner)
  return { database, owner, authenticator: await connect(database.authenticatorUrl) }
}

before(async () => {
  ;[few, many, long] = await Promise.all([
    place('few', byAutovacuum),
    place('many', byAutovacuum),
    place('long', vacuumAll),
  ])
})

after(() =>
  Promise.all(
    [few, many, long].map(async ({ database, owner, authenticator }) => {
      await owner.end()
      await authenticator.end()
      await database.stop()
    }),
  ),
)

/** Without the gate. */
async function ask(where: Place, statements: readonly string[]): Promise<string[]> {
  const actor = {
    role: 'authenticated',
    token: seal(where.database.sessionKey, { sub: BOB }),
  } as const
  const results = await runAllAs(where.authenticator, actor, statements)
  return results.map(({ rows }) => JSON.stringify(rows))
}

/** One in ten. */
const SOME = [ORACLE, ...QUERIES.filter((_, i) => i % 10 === 0)]

/** @returns the queries whose plans, or the estimates in them, are not the same */
async function differentPlans(one: Place, other: Place, queries: readonly string[]) {
  const explained = queries.map((sql) => `explain (format json) ${sql}`)
  const [ones, others] = await Promise.all([ask(one, explained), ask(other, explained)])
  return queries.filter((_, i) => ones[i] !== others[i])
}

/** @returns the queries to which Bob's rows do not come, or in another order */
async function differentRows(one: Place, other: Place, queries: readonly string[]) {
  const [ones, others] = await Promise.all([ask(one, queries), ask(other, queries)])
  return queries.filter((_, i) => ones[i] !== others[i])
}

describe('whatever Bob asks', () => {
  test(`has the same plan, whatever others have written (${QUERIES.length} queries)`, async () => {
    assert.deepEqual(await differentPlans(few, many, QUERIES), [])
  })

  test('returns his rows in the same order', async () => {
    assert.deepEqual(await differentRows(few, many, [...SOME, ...OTHER_TABLES]), [])
  })

  test('shows how large the tables are, which SECURITY.md says', async () => {
    assert.notDeepEqual(await differentPlans(few, long, SOME), [])
  })

  test('reveals what others have written once statistics are gathered again', async () => {
    await Promise.all([few, many].map(({ owner }) => putStatisticsBack(owner)))
    const found = await differentPlans(few, many, SOME)
    assert.ok(found.length > SOME.length / 2, String(found.length))
    assert.ok(found.includes(ORACLE))
    assert.deepEqual(await differentRows(few, many, [ORACLE]), [ORACLE])
  })

  test('returns nothing from the statistics views, even then', async () => {
    for (const view of ['pg_stats', 'pg_stats_ext', 'pg_stats_ext_exprs']) {
      const seen = `select from ${view} where schemaname = 'public' and tablename <> 'teams'`
      assert.deepEqual(await ask(few, [seen]), ['[]'], view)
      assert.notEqual((await few.owner.query(seen)).rowCount, 0, view)
    }
  })

  test('has the same plan again once the database is migrated', async () => {
    await Promise.all(
      [few, many].map(({ database }) => migrate({ databaseUrl: database.ownerUrl })),
    )
    assert.deepEqual(await differentPlans(few, many, SOME), [])
  })
})
