import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  integer,
  jsonb,
  pgPolicy,
  pgTable,
  serial,
  text,
  timestamp,
} from 'drizzle-orm/pg-core'
import type { Client } from 'pg'
import { startTestDatabase, type TestDatabase } from '../dev/postgres/testing/test-database'
import { findDrift } from './drift'
import { ownedBy } from './owned-by'
import * as schema from './schema'
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

test('a migrated database is what the schema declares, and looking leaves nothing behind', async () => {
  const tables = `select count(*) from pg_class where relkind = 'r'`
  const before = await owner.query(tables)
  assert.deepEqual(await findDrift(owner, schema), [])
  assert.deepEqual((await owner.query(tables)).rows, before.rows)
})

const SEES = '"users see their own todos"'
const MINE = '(select auth.user_id()) = user_id'

describe('is found in todos:', () => {
  const CHANGES: readonly [what: string, make: string, level: string, says: RegExp][] = [
    [
      'another condition',
      `alter policy ${SEES} on todos using (true)`,
      'unsafe',
      /^the policy "users see their own todos" of public\.todos is not what db\/schema\.ts declares: .*using \(true\) instead of .*auth\.user_id\(\)/,
    ],
    [
      'a policy without its condition',
      `drop policy ${SEES} on todos; create policy ${SEES} on todos for select to authenticated`,
      'unsafe',
      /: permissive for select to authenticated instead of permissive for select to authenticated using/,
    ],
    ['no policy', `drop policy ${SEES} on todos`, 'unsafe', /is missing in the database/],
    [
      'one more policy',
      `create policy extra on todos for select to authenticated using (${MINE})`,
      'unsafe',
      /the policy extra of public\.todos is not declared/,
    ],
    [
      'another role',
      `alter policy ${SEES} on todos to public`,
      'unsafe',
      /for select to public using/,
    ],
    [
      'another command',
      `drop policy ${SEES} on todos; create policy ${SEES} on todos to authenticated using (${MINE})`,
      'unsafe',
      /permissive for all to/,
    ],
    [
      'a restrictive policy',
      `drop policy ${SEES} on todos;
       create policy ${SEES} on todos as restrictive for select to authenticated using (${MINE})`,
      'unsafe',
      /restrictive for select/,
    ],
    [
      'no row-level security',
      'alter table todos disable row level security',
      'unsafe',
      /row-level security of public\.todos is not .*: disabled instead of enabled/,
    ],
    ['no default', 'alter table todos alter user_id drop default', 'weak', /the column user_id of/],
    ['NULL', 'alter table todos alter task drop not null', 'weak', /the column task of/],
    [
      'another type',
      'alter table todos alter inserted_at type timestamptz(0)',
      'weak',
      /the column inserted_at of/,
    ],
    ['one more column', 'alter table todos add extra int', 'weak', /extra of .* is not declared/],
    ['one column less', 'alter table todos drop is_complete', 'weak', /is_complete .* is missing/],
    [
      'no check',
      'alter table todos drop constraint todos_task_is_trimmed',
      'weak',
      /the constraint todos_task_is_trimmed of public\.todos is missing/,
    ],
    ['no table', 'drop table todos', 'weak', /declares the table public\.todos, .* has none/],
  ]
  for (const [what, make, level, says] of CHANGES) {
    test(what, async () => {
      // findDrift() rolls back the transaction that it is called in, and this change with it.
      await owner.query(`begin; ${make}`)
      const findings = await findDrift(owner, schema)
      assert.equal(findings.length, 1, JSON.stringify(findings))
      assert.match(findings[0]?.what ?? '', says)
      assert.equal(findings[0]?.level, level)
      assert.match(findings[0].fix, /Never `drizzle-kit push`/)
    })
  }
})

test('every kind of column and policy is the same in both', async () => {
  const lists = pgTable(
    'lists',
    {
      id: serial().primaryKey(),
      number: integer().generatedAlwaysAsIdentity(),
      double: integer().generatedAlwaysAs(sql`number * 2`),
      title: text().notNull().default(`it's`),
      flags: jsonb().default({ a: [1] }),
      done: boolean().default(false),
      at: timestamp({ withTimezone: true }).defaultNow(),
      owner: text().default(sql`auth.user_id()`),
    },
    (table) => [
      check('short', sql`length(${table.title}) < ${sql.raw('100')}`),
      pgPolicy('shared "lists"', {
        using: sql`exists (select 1 from todos where todos.user_id = ${table.owner}) or exists (
          select 1 from lists as other where other.owner = ${table.title} and ${table.title} in ('a', ${'b'}))`,
      }),
      pgPolicy('own', {
        as: 'restrictive',
        for: 'update',
        to: ['authenticated', 'anonymous'],
        using: ownedBy(table.owner),
      }),
    ],
  )
  await owner.query(`
    create table lists (
      id serial primary key, number int generated always as identity,
      double int generated always as (number * 2) stored, title text not null default 'it''s',
      flags jsonb default '{"a": [1]}', done boolean default false, at timestamptz default now(),
      owner text default auth.user_id(), constraint short check (length(title) < 100));
    alter table lists enable row level security;
    create policy "shared ""lists""" on lists using (exists (select 1 from todos where todos.user_id = lists.owner)
      or exists (select 1 from lists as other where other.owner = lists.title and lists.title in ('a', 'b')));
    create policy own on lists as restrictive for update to authenticated, anonymous
      using ((select auth.user_id()) = owner)`)
  assert.deepEqual(await findDrift(owner, { ...schema, lists }), [])
  await owner.query('drop table lists')
})

test('what `drizzle-kit push` does to policies is found', async () => {
  // Below the project, where the schema finds drizzle-orm.
  mkdirSync('test-results', { recursive: true })
  const folder = mkdtempSync(join(process.cwd(), 'test-results', 'push-'))
  try {
    const write = (condition: string) => {
      writeFileSync(
        join(folder, 'schema.ts'),
        `import { sql } from 'drizzle-orm'
         import { pgPolicy, pgRole, pgTable, text } from 'drizzle-orm/pg-core'
         export const pushed = pgTable('pushed', { owner: text() }, () => [
           pgPolicy('p', { for: 'select', to: pgRole('authenticated').existing(), using: sql\`${condition}\` })])`,
      )
    }
    const push = () =>
      spawnSync(
        process.execPath,
        [
          'node_modules/drizzle-kit/bin.cjs',
          'push',
          '--dialect=postgresql',
          `--schema=${relative(process.cwd(), join(folder, 'schema.ts'))}`,
          `--url=${database.ownerUrl}`,
          '--tablesFilter=pushed',
          '--force',
        ],
        { encoding: 'utf8' },
      )
    const drift = async () => {
      const path = join(folder, 'schema.ts')
      const declared = (await import(`${path}?${process.hrtime.bigint()}`)) as Record<
        string,
        unknown
      >
      return (await findDrift(owner, declared)).map(({ level, what }) => `${level}: ${what}`).join()
    }
    write('(select auth.user_id()) = owner')
    const made = push()
    assert.equal(made.status, 0, made.stdout + made.stderr)
    const first = await drift()
    await owner.query(
      `drop policy p on pushed; create policy p on pushed for select to authenticated using ((select auth.user_id()) = owner)`,
    )
    write('(select auth.user_id()) = lower(owner)')
    const changed = push()
    assert.match(
      await drift(),
      /^unsafe: the policy p of public\.pushed is not what/,
      changed.stdout,
    )
    assert.match(first, /^unsafe: the policy p of public\.pushed/, made.stdout)
  } finally {
    rmSync(folder, { recursive: true })
    await owner.query('drop table if exists pushed')
  }
})
