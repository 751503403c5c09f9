import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Client } from 'pg'
import { startTestDatabase, type TestDatabase } from '../dev/postgres/testing/test-database'
import { connect, runAs, seal } from './testing/as-user'
import { ALICE } from './testing/people'

let database: TestDatabase
let owner: Client
let authenticator: Client

before(async () => {
  database = await startTestDatabase()
  owner = await connect(database.ownerUrl)
  authenticator = await connect(database.authenticatorUrl)
  await owner.query(`
    insert into todos (user_id, task)
      select 'user_' || i % 500, 'task ' || i from generate_series(1, 20000) as i;
    insert into todos (user_id, task) select '${ALICE}', 'task ' || i from generate_series(1, 20) as i;
    analyze todos;
  `)
})

after(async () => {
  await owner.end()
  await authenticator.end()
  await database.stop()
})

async function explain(statement: string): Promise<string> {
  const alice = { role: 'authenticated', token: seal(database.sessionKey, { sub: ALICE }) } as const
  const { rows } = await runAs(
    authenticator,
    alice,
    `explain (analyze, costs off, timing off, summary off) ${statement}`,
  )
  return rows.map((row) => String(row['QUERY PLAN'])).join('\n')
}

const STATEMENTS: Record<string, string> = {
  select: 'select * from todos order by inserted_at, id',
  update: 'update todos set is_complete = true',
  delete: 'delete from todos',
}

/** Then the function stands in the rows' condition. */
const ASKED_FOR_ROWS = /(Filter|Cond):.*auth\.\w+\(\)/

for (const [command, statement] of Object.entries(STATEMENTS)) {
  describe(command, () => {
    test('evaluates the user once, not once per row', async () => {
      const plan = await explain(statement)
      assert.match(plan, /InitPlan/)
      assert.doesNotMatch(plan, ASKED_FOR_ROWS)
      assert.match(plan, /Result \(actual rows=1(\.00)? loops=1\)/)
    })

    test('uses the index for the user’s rows, without a WHERE', async () => {
      const plan = await explain(statement)
      assert.match(plan, /todos_of_user/)
      assert.doesNotMatch(plan, /Seq Scan/)
    })
  })
}

test('an insert evaluates the user once for all its rows', async () => {
  const plan = await explain(
    `insert into todos (user_id, task) select '${ALICE}', 'x' from generate_series(1, 100)`,
  )
  assert.match(plan, /InitPlan[\s\S]*Result \(actual rows=1(\.00)? loops=1\)/)
})

test('these tests notice a policy that evaluates the user for every row', async () => {
  const slow = (shape: string) =>
    owner.query(`alter policy "users see their own todos" on todos using (${shape})`)
  try {
    await slow('auth.user_id() = user_id')
    assert.match(await explain('select * from todos'), ASKED_FOR_ROWS)
    await slow('(select auth.user_id() = user_id)')
    const plan = await explain('select * from todos')
    assert.doesNotMatch(plan, /InitPlan/)
    assert.match(plan, /Seq Scan/)
  } finally {
    await slow('(select auth.user_id()) = user_id')
  }
})
