import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { runAs, seal } from '../proxy/test/testing/as-user'
import { ALICE } from './testing/people'
import { openDatabase, type OpenDatabase } from './testing/open-database'

let database: OpenDatabase['database']
let owner: OpenDatabase['owner']
let authenticator: OpenDatabase['authenticator']
let close: OpenDatabase['close']

before(async () => {
  ;({ database, owner, authenticator, close } = await openDatabase())
  await owner.query(`
    insert into todos (user_id, task)
      select 'user_' || i % 500, 'task ' || i from generate_series(1, 20000) as i;
    insert into todos (user_id, task) select '${ALICE}', 'task ' || i from generate_series(1, 20) as i;
    insert into lists (id, name, created_by)
      select md5('list ' || i)::uuid, 'list', 'user_' || i % 500 from generate_series(1, 2000) as i;
    insert into list_members (list_id, user_id, role)
      select md5('list ' || i)::uuid, '${ALICE}', 'editor' from generate_series(1, 2000, 500) as i;
    insert into todos (user_id, list_id, task)
      select 'user_' || i % 500, md5('list ' || 1 + i % 2000)::uuid, 'shared ' || i
      from generate_series(1, 20000) as i;
    analyze;
  `)
})

after(() => close())

async function explain(statement: string, more = ''): Promise<string> {
  const alice = { role: 'authenticated', token: seal(database.sessionKey, { sub: ALICE }) } as const
  const { rows } = await runAs(
    authenticator,
    alice,
    `explain (analyze, costs off, timing off, summary off ${more && `, ${more}`}) ${statement}`,
  )
  return rows.map((row) => String(row['QUERY PLAN'])).join('\n')
}

/** hasNo() in db/policies.ts. */
const PRIVATE = 'case when list_id is null then true else false end'

const STATEMENTS: Record<string, string> = {
  select: 'select * from todos order by position, id',
  update: 'update todos set is_complete = true',
  delete: 'delete from todos',
}

/** Then the function stands in the rows' condition. */
const ASKED_FOR_ROWS = /(Filter|Cond):.*(auth|access)\.\w+\(\)/

describe('a page of', () => {
  const PAGE = 'order by position, id limit 20'

  test('the private list comes from its index in order, and never asks for lists', async () => {
    const plan = await explain(
      `select * from todos where ${PRIVATE} and (select auth.user_id()) = user_id ${PAGE}`,
      'verbose',
    )
    assert.match(plan, /Index Scan using todos_of_user /)
    assert.doesNotMatch(plan, /Sort/)
    assert.match(plan, /Result \(never executed\)\n\s*Output: access\.lists_i_see\(\)/)
  })

  test('a shared list comes from its index in order, and asks for lists once', async () => {
    const plan = await explain(
      `select * from todos where list_id = md5('list 501')::uuid ${PAGE}`,
      'verbose',
    )
    assert.match(plan, /^Limit \(actual rows=10/)
    assert.match(plan, /Index Scan using todos_of_list /)
    assert.doesNotMatch(plan, /Sort/)
    assert.match(
      plan,
      /Result \(actual rows=1(\.00)? loops=1\)\n\s*Output: access\.lists_i_see\(\)/,
    )
    assert.match(plan, /Result \(never executed\)\n\s*Output: auth\.user_id\(\)/)
  })
})

for (const [command, statement] of Object.entries(STATEMENTS)) {
  describe(command, () => {
    test('evaluates the user once, not once per row', async () => {
      const plan = await explain(statement)
      assert.match(plan, /InitPlan/)
      assert.doesNotMatch(plan, ASKED_FOR_ROWS)
      assert.match(plan, /Result \(actual rows=1(\.00)? loops=1\)/)
    })

    test('uses the indexes for the user’s rows and those of their lists, without a WHERE', async () => {
      const plan = await explain(statement)
      assert.match(plan, /todos_of_user/)
      assert.match(plan, /todos_of_list/)
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

describe('of the tables around a list', () => {
  for (const table of ['lists', 'list_members', 'list_links', 'list_invitations', 'reports']) {
    test(`${table}: each function is evaluated once, and no page is read in vain`, async () => {
      const plan = await explain(`select * from ${table}`, 'verbose')
      assert.doesNotMatch(plan, ASKED_FOR_ROWS)
      assert.match(plan, /Output: (auth|access)\.\w+\(\)/)
      assert.doesNotMatch(plan, /loops=[2-9]|loops=\d\d/)
    })
  }
})

test('these tests notice a policy that evaluates the user for every row', async () => {
  const slow = (shape: string) =>
    owner.query(`alter policy "users see their own todos" on todos using (${shape})`)
  try {
    await slow('auth.user_id() = user_id')
    assert.match(await explain('select * from todos'), ASKED_FOR_ROWS)
    await slow('(select auth.user_id() = user_id)')
    const plan = await explain('select * from todos')
    assert.match(plan, /SubPlan 1\n\s*->  Result \(actual rows=1(\.00)? loops=\d{4,}\)/)
    assert.match(plan, /Seq Scan/)
  } finally {
    await slow(`${PRIVATE} and (select auth.user_id()) = user_id`)
  }
})
