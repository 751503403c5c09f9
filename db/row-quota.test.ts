import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { Client } from 'pg'
import { migrate } from './migrate'
import { QUOTA_EXCEEDED } from './row-quota'
import { todosQuota } from './schema'
import { connect, runAs, seal } from '../proxy/test/testing/as-user'
import { ALICE, BOB } from './testing/people'
import { openDatabase, type OpenDatabase } from './testing/open-database'

/** Of todos, in most of the tests. */
const LIMIT = 5

let database: OpenDatabase['database']
let owner: OpenDatabase['owner']
let authenticator: OpenDatabase['authenticator']
let close: OpenDatabase['close']

before(async () => {
  ;({ database, owner, authenticator, close } = await openDatabase())
})

after(() => close())

const as = (sub: string) =>
  ({ role: 'authenticated', token: seal(database.sessionKey, { sub }) }) as const

const bobRuns = (...statements: string[]) => runAs(authenticator, as(BOB), ...statements)

const limitTodosTo = (rows: number) =>
  owner.query(`select private.limit_rows('public.todos', 'user_id', $1)`, [rows])

/** Of Bob and everybody else: what is there, and what is counted. */
async function assertCountsAreRight(): Promise<void> {
  const { rows } = await owner.query(`
    select * from (select user_id as owner, count(*) as row_count from todos group by 1) as t
    full join (select owner, row_count from private.row_counts where row_count <> 0) as c using (owner)
    where t.row_count is distinct from c.row_count`)
  assert.deepEqual(rows, [])
}

async function todosOf(user: string): Promise<number> {
  const { rowCount } = await owner.query('select from todos where user_id = $1', [user])
  return rowCount ?? 0
}

const exceeded = { code: QUOTA_EXCEEDED }

/** Adds `n` todos of whoever asks, in a few characters. */
const add = (n: number) => `insert into todos (task) select 'x' from generate_series(1, ${n})`

describe('the quota that the schema declares', () => {
  before(() => owner.query('truncate todos cascade'))

  test('is what the migrations install: exactly that many rows, in one statement or more', async () => {
    const { maxRows } = todosQuota
    await assert.rejects(bobRuns(add(60_000)), exceeded)
    await assert.rejects(bobRuns(add(maxRows + 1)), exceeded)
    assert.equal(await todosOf(BOB), 0)
    await bobRuns(add(maxRows))
    await assert.rejects(bobRuns(add(1)), exceeded)
    assert.equal(await todosOf(BOB), maxRows)
    await runAs(authenticator, as(ALICE), add(1))
    await assertCountsAreRight()
  })

  test('has a readable error with a hint, and nothing about other users', async () => {
    await assert.rejects(bobRuns(add(1)), {
      message: 'row quota exceeded: a user may have at most 10000 rows in todos',
      hint: 'Delete rows that are no longer needed, then try again.',
      schema: 'public',
      table: 'todos',
      detail: undefined,
      where: /^PL\/pgSQL function private\.refuse_rows/,
    })
  })
})

describe('a user with one row left', () => {
  const ID = '00000000-0000-4000-8000-000000000001'

  beforeEach(async () => {
    await owner.query('truncate todos cascade')
    await limitTodosTo(LIMIT)
    await bobRuns(
      `insert into todos (id, task) values ('${ID}', 'first')`,
      'insert into todos (task) select $$x$$ from generate_series(1, 3)',
    )
  })

  const REFUSED: Record<string, string[]> = {
    'VALUES of two rows': [`insert into todos (task) values ('a'), ('b')`],
    'INSERT … SELECT': [add(2)],
    'a copy of the own rows': ['insert into todos (task) select task from todos'],
    MERGE: [
      `merge into todos t using generate_series(1, 2) g(n) on t.task = 'none' || g.n
       when not matched then insert (task) values ('x')`,
    ],
    'ON CONFLICT DO NOTHING with two new rows': [
      `insert into todos (id, task) values ('${ID}', 'a'), (gen_random_uuid(), 'b'), (gen_random_uuid(), 'c')
       on conflict do nothing`,
    ],
    'ON CONFLICT DO UPDATE with two new rows': [
      `insert into todos (id, task) values ('${ID}', 'a'), (gen_random_uuid(), 'b'), (gen_random_uuid(), 'c')
       on conflict (id) do update set task = excluded.task`,
    ],
    'two INSERTs in one statement': [
      `with a as (insert into todos (task) values ('a') returning id) insert into todos (task) select 'b' from a`,
    ],
    'two INSERTs in one statement, of which none reads the other': [
      `with a as (insert into todos (task) values ('a')), b as (insert into todos (task) values ('b')) select 1`,
    ],
    'a batch of two': [add(1), add(1)],
    'a batch that deletes one and adds three': [`delete from todos where id = '${ID}'`, add(3)],
    'a DELETE and three new rows in one statement': [
      `with gone as (delete from todos where id = '${ID}' returning task) insert into todos (task)
       select task from gone, generate_series(1, 3)`,
    ],
  }

  for (const [what, statements] of Object.entries(REFUSED)) {
    test(`is refused ${what}, and keeps the existing rows`, async () => {
      await assert.rejects(bobRuns(...statements), exceeded)
      assert.equal(await todosOf(BOB), 4)
      await assertCountsAreRight()
    })
  }

  const ALLOWED: Record<string, string[]> = {
    'one more row': [add(1)],
    'an INSERT of nothing': [add(0)],
    'ON CONFLICT DO NOTHING with one new row': [
      `insert into todos (id, task) values ('${ID}', 'a'), (gen_random_uuid(), 'b') on conflict do nothing`,
    ],
    'ON CONFLICT DO UPDATE with one new row': [
      `insert into todos (id, task) values ('${ID}', 'a'), (gen_random_uuid(), 'b')
       on conflict (id) do update set task = excluded.task`,
    ],
    'a change of every row': ['update todos set is_complete = true'],
    'as many new rows as were deleted before, in one batch': ['delete from todos', add(LIMIT)],
    'a DELETE of nothing': ['delete from todos where false'],
    'a MERGE that deletes one and adds one': [
      `merge into todos t using (values ('first'), ('new')) v(task) on t.task = v.task
       when matched then delete when not matched then insert (task) values (v.task)`,
    ],
  }

  for (const [what, statements] of Object.entries(ALLOWED)) {
    test(`may send ${what}`, async () => {
      await bobRuns(...statements)
      await assertCountsAreRight()
    })
  }

  test('has room again after a delete, and after a rollback', async () => {
    await bobRuns(add(1))
    await assert.rejects(bobRuns(add(1)), exceeded)
    await bobRuns('delete from todos where id in (select id from todos limit 2)')
    await assert.rejects(bobRuns(add(2), 'select 1 / 0'), { code: '22012' })
    await bobRuns(add(2))
    await assert.rejects(bobRuns(add(1)), exceeded)
    await assertCountsAreRight()
  })

  test('can neither read nor change the counts', async () => {
    for (const statement of [
      'select * from private.row_counts',
      'delete from private.row_counts',
      `select private.limit_rows('public.todos', 'user_id', 1000000)`,
      `select private.recount_rows('public.todos', 'user_id')`,
    ]) {
      await assert.rejects(bobRuns(statement), { code: '42501' }, statement)
    }
  })
})

describe('two transactions at once', () => {
  let other: Client
  let third: Client
  before(async () => {
    other = await connect(database.authenticatorUrl)
    third = await connect(database.authenticatorUrl)
  })
  after(() => Promise.all([other.end(), third.end()]))
  beforeEach(async () => {
    await owner.query('truncate todos cascade')
    await limitTodosTo(LIMIT)
  })

  /** Opens a transaction as Bob and adds three. */
  async function begin(client: Client, level = 'read committed'): Promise<void> {
    await client.query(`begin isolation level ${level}`)
    await client.query(
      `select set_config('role', 'authenticated', true), set_config('auth.session_token', $1, true)`,
      [as(BOB).token],
    )
  }

  for (const isNew of [true, false]) {
    const who = isNew ? 'a user without rows' : 'a user with rows'
    test(`of ${who} cannot exceed the quota together, and make nobody else wait`, async () => {
      if (!isNew) await bobRuns(add(1), 'delete from todos')
      await begin(authenticator)
      await begin(other)
      await authenticator.query(add(3))
      // Its answer may come before that of the commit which lets it go on.
      const second = assert.rejects(other.query(add(3)), exceeded)
      // Were they to wait for Bob, this would not end before its lock timeout.
      await runAs(third, as(ALICE), add(3))
      await authenticator.query('commit')
      await second
      await other.query('rollback')
      assert.equal(await todosOf(BOB), 3)
      await assertCountsAreRight()
    })

    test(`of ${who} of which one is rolled back leave room for the other`, async () => {
      if (!isNew) await bobRuns(add(1), 'delete from todos')
      await begin(authenticator)
      await begin(other)
      await authenticator.query(add(3))
      const second = other.query(add(3))
      await authenticator.query('rollback')
      await second
      await other.query('commit')
      assert.equal(await todosOf(BOB), 3)
      await assertCountsAreRight()
    })
  }

  test('at REPEATABLE READ cannot exceed it either', async () => {
    await bobRuns(add(1))
    await begin(authenticator, 'repeatable read')
    await begin(other, 'repeatable read')
    await other.query('select from todos')
    await authenticator.query(add(3))
    await authenticator.query('commit')
    await assert.rejects(other.query(add(3)), { code: '40001' })
    await other.query('rollback')
    assert.equal(await todosOf(BOB), 4)
    await assertCountsAreRight()
  })
})

describe('the owner', () => {
  beforeEach(async () => {
    await owner.query('truncate todos cascade')
    await limitTodosTo(LIMIT)
  })

  test('may import more than the quota, which then applies to the user', async () => {
    await owner.query(`insert into todos (user_id, task)
      select case when n % 2 = 0 then '${ALICE}' else '${BOB}' end, 'x' from generate_series(1, 20) n`)
    await assertCountsAreRight()
    await assert.rejects(bobRuns(add(1)), exceeded)
    await bobRuns('delete from todos where id in (select id from todos limit 6)', add(1))
    await assert.rejects(bobRuns(add(1)), exceeded)
  })

  test('who changes the owner of rows moves them in the counts', async () => {
    await bobRuns(add(LIMIT))
    await owner.query(
      `update todos set user_id = '${ALICE}' where id in (select id from todos limit 3)`,
    )
    await assertCountsAreRight()
    await bobRuns(add(3))
    await owner.query(`insert into todos (id, user_id, task) select id, '${ALICE}', 'x' from todos
      on conflict (id) do update set user_id = excluded.user_id`)
    await assertCountsAreRight()
    assert.equal(await todosOf(BOB), 0)
  })

  test('who empties the table resets all counts', async () => {
    await bobRuns(add(LIMIT))
    await owner.query('truncate todos cascade')
    await bobRuns(add(LIMIT))
    await assertCountsAreRight()
  })

  test('does not lend the exemption to users in a SECURITY DEFINER function', async () => {
    await owner.query(`create function public.fill() returns void language sql security definer
      set search_path = public, pg_temp as $$ ${add(LIMIT + 1)} $$`)
    try {
      await assert.rejects(bobRuns('select fill()'), exceeded)
    } finally {
      await owner.query('drop function public.fill()')
    }
  })
})

describe('db:migrate', () => {
  const migrateAgain = () => migrate({ databaseUrl: database.ownerUrl })

  test('counts again after rows arrived without triggers, as from a restore', async () => {
    await owner.query('truncate todos cascade')
    await owner.query(`set session_replication_role = replica`)
    await owner.query(
      `insert into todos (user_id, task) select '${BOB}', 'x' from generate_series(1, 9999)`,
    )
    await owner.query('reset session_replication_role')
    await migrateAgain()
    await assertCountsAreRight()
    await bobRuns(add(1))
    await assert.rejects(bobRuns(add(1)), exceeded)
  })

  test('switches the triggers on again and puts the declared limit back', async () => {
    await owner.query('truncate todos cascade')
    await limitTodosTo(1)
    await owner.query('alter table todos disable trigger user')
    await bobRuns(add(10))
    await migrateAgain()
    await bobRuns(add(todosQuota.maxRows - 10))
    await assert.rejects(bobRuns(add(1)), exceeded)
    await owner.query('truncate todos cascade')
  })

  test('waits for no writer if the counts are right', async () => {
    await owner.query('begin')
    await owner.query(`insert into todos (user_id, task) values ('${ALICE}', 'x')`)
    // This would wait for ever, as only its end ends the transaction.
    await migrateAgain()
    await owner.query('commit')
    await assertCountsAreRight()
  })
})

describe('a quota', () => {
  test('can be declared for any plain table and column, changed, and taken back', async () => {
    await owner.query('create table public."My notes" ("the owner" int, old text)')
    const limit = (column: string, rows: number | null) =>
      owner.query(`select private.limit_rows('public."My notes"', $1, $2)`, [column, rows])
    const insert = (role: string) =>
      owner
        .query(
          `begin; set local role ${role}; insert into "My notes" values (1, 'a'), (1, 'b'), (2, 'a'), (null, null); commit`,
        )
        .catch(async (error: unknown) => {
          await owner.query('rollback')
          throw error
        })
    try {
      await owner.query('grant insert on "My notes" to authenticated')
      await limit('the owner', 2)
      await insert('authenticated')
      await assert.rejects(insert('authenticated'), exceeded)
      await limit('the owner', 4)
      await insert('authenticated')
      await assert.rejects(insert('authenticated'), exceeded)
      await limit('old', 6)
      await insert('authenticated')
      await assert.rejects(insert('authenticated'), exceeded)
      await owner.query(`update "My notes" set old = 'c'`)
      await assert.rejects(limit('old', 0), { code: '22023' })
      await limit('old', null)
      await insert('authenticated')
    } finally {
      await owner.query('drop table public."My notes"')
    }
  })

  test('is refused where triggers would miss rows: on partitions and below a parent', async () => {
    await owner.query(`create table parent (id int, owner text) partition by list (id);
      create table child partition of parent for values in (1)`)
    try {
      for (const name of ['parent', 'child']) {
        await assert.rejects(owner.query(`select private.limit_rows('${name}', 'owner', 5)`), {
          code: '0A000',
        })
      }
    } finally {
      await owner.query('drop table parent')
    }
  })
})
