import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { eq, sql } from 'drizzle-orm'
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgEnum,
  pgMaterializedView,
  pgPolicy,
  pgTable,
  pgView,
  serial,
  text,
  timestamp,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { Client } from 'pg'
import { startTestDatabase, type TestDatabase } from '../dev/postgres/testing/test-database'
import { findDrift } from './drift'
import { ownedBy } from './policies'
import * as schema from './schema'
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

test('a migrated database matches the schema, and the comparison leaves nothing behind', async () => {
  const tables = `select count(*) from pg_class where relkind = 'r'`
  const before = await owner.query(tables)
  assert.deepEqual(await findDrift(owner, schema, false), [])
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
      /^the policy "users see their own todos" of public\.todos is not what db\/schema declares: .*using \(true\) instead of [^]*auth\.user_id\(\)/,
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
    [
      'no index',
      'drop index todos_of_user',
      'weak',
      /^the index todos_of_user of public\.todos is missing in the database: btree \(user_id, "position", id\)/,
    ],
    [
      'an index over other columns',
      'drop index todos_of_user; create index todos_of_user on todos (user_id)',
      'weak',
      /the index todos_of_user of .*: btree \(user_id\) instead of btree \(user_id, "position", id\)/,
    ],
    [
      'an index over a part of the rows',
      'drop index todos_of_user; create index todos_of_user on todos (user_id, position, id) where is_complete',
      'weak',
      /: btree \(user_id, "position", id\) WHERE is_complete instead of/,
    ],
    [
      'one more index',
      'create unique index once on todos (task)',
      'weak',
      /^the index once of public\.todos is not declared in db\/schema: unique btree \(task\)/,
    ],
    [
      'no primary key',
      'alter table todos drop constraint todos_pkey cascade',
      'weak',
      /the constraint todos_pkey of public\.todos is missing .*PRIMARY KEY \(id\)/,
    ],
    [
      'a foreign key',
      'create table people (id text primary key); alter table todos add constraint who foreign key (user_id) references people',
      'weak',
      /the constraint who of public\.todos is not declared .*: foreign key \(user_id\) references public\.people/,
    ],
    [
      'another row quota',
      `select private.limit_rows('todos', 'user_id', 9)`,
      'weak',
      /^the row quota of public\.todos is not .*: 9 rows with the same user_id instead of 10000 rows with the same user_id$/,
    ],
    [
      'a row quota by another column',
      `select private.limit_rows('todos', 'task', 10000)`,
      'weak',
      /: 10000 rows with the same task instead of 10000 rows with the same user_id/,
    ],
    [
      'no row quota',
      `select private.limit_rows('todos', 'user_id', null)`,
      'weak',
      /the row quota of public\.todos is missing/,
    ],
    [
      'a row quota that a trigger no longer enforces',
      'alter table todos disable trigger row_quota_update',
      'weak',
      /10000 rows with the same user_id, not enforced by all of its triggers instead of/,
    ],
    [
      'no table',
      'drop table todos cascade',
      'weak',
      /declares the table public\.todos, .* has none/,
    ],
  ]
  for (const [what, make, level, says] of CHANGES) {
    test(what, async () => {
      // findDrift() rolls back the transaction that it is called in, and this change with it.
      await owner.query(`begin; ${make}`)
      const all = await findDrift(owner, schema, false)
      // What refers to todos goes with its key, or with the table.
      const findings = all.filter(({ about }) => about === 'public.todos')
      assert.equal(findings.length, 1, JSON.stringify(findings))
      assert.match(findings[0]?.what ?? '', says)
      assert.equal(findings[0]?.level, level)
      assert.match(findings[0].fix, /Never `drizzle-kit push`/)
    })
  }
})

const mood = pgEnum('mood', ['glad', 'sad'])
const homes = pgTable('homes', { id: integer().primaryKey(), town: text() })
const people = pgTable(
  'people',
  {
    id: integer().primaryKey(),
    home: integer().references(() => homes.id, { onDelete: 'cascade' }),
    mood: mood().notNull().default('glad'),
    name: text().unique(),
    rank: integer(),
  },
  (table) => [
    unique().on(table.home, table.rank).nullsNotDistinct(),
    index().on(table.mood),
    uniqueIndex('by "name"')
      .on(table.rank.desc(), sql`lower(${table.name})`)
      .where(sql`${table.mood} = 'sad'`),
    index('names').using('hash', table.name),
  ],
)
const sad = pgView('sad')
  .with({ securityInvoker: true })
  .as((query) => query.select({ id: people.id }).from(people).where(eq(people.mood, 'sad')))
const counts = pgMaterializedView('counts', { n: integer() }).as(
  sql`select count(*)::int as n from homes`,
)
const RELATED = { mood, homes, people, sad, counts }

/** As drizzle-kit generates it. */
const MAKE_RELATED = `
  create type mood as enum ('glad', 'sad');
  create table homes (id integer primary key not null, town text);
  create table people (id integer primary key not null, home integer, mood mood default 'glad' not null,
    name text, rank integer, constraint people_name_unique unique (name),
    constraint people_home_rank_unique unique nulls not distinct (home, rank));
  alter table people add constraint people_home_homes_id_fk foreign key (home)
    references public.homes (id) on delete cascade on update no action;
  create index people_mood_index on people using btree (mood);
  create unique index "by ""name""" on people using btree (rank desc nulls last, lower(name)) where people.mood = 'sad';
  create index names on people using hash (name);
  create view public.sad with (security_invoker = true) as (select id from people where people.mood = 'sad');
  create materialized view counts as select count(*)::int as n from homes;`

test('keys, indexes, enums and views as drizzle-kit makes them are what was declared', async () => {
  await owner.query(`begin; ${MAKE_RELATED}`)
  assert.deepEqual(await findDrift(owner, RELATED, false), [])
})

describe('is found in what tables refer to:', () => {
  const FK = 'people_home_homes_id_fk'
  const CHANGES: readonly [what: string, make: string, level: string, says: RegExp][] = [
    [
      'no foreign key',
      `alter table people drop constraint ${FK}`,
      'weak',
      /^the constraint people_home_homes_id_fk of public\.people is missing in the database: foreign key \(home\) references public\.homes \(id\) on update no action on delete cascade$/,
    ],
    [
      'a foreign key that keeps rows',
      `alter table people drop constraint ${FK}, add constraint ${FK} foreign key (home) references homes`,
      'weak',
      /on delete no action instead of .* on delete cascade$/,
    ],
    [
      'a foreign key to another table',
      `alter table people drop constraint ${FK}, add constraint ${FK} foreign key (home) references people on delete cascade`,
      'weak',
      /references public\.people \(id\) .* instead of .* references public\.homes/,
    ],
    [
      'no UNIQUE',
      'alter table people drop constraint people_name_unique',
      'weak',
      /the constraint people_name_unique of public\.people is missing .*UNIQUE \(name\)/,
    ],
    [
      'UNIQUE that takes each NULL for another',
      'alter table people drop constraint people_home_rank_unique, add constraint people_home_rank_unique unique (home, rank)',
      'weak',
      /: UNIQUE \(home, rank\) instead of UNIQUE NULLS NOT DISTINCT/,
    ],
    [
      'one more value of an enum',
      `alter type mood add value 'calm' before 'sad'`,
      'weak',
      /^the list of values of public\.mood is not what db\/schema declares: glad, calm, sad instead of glad, sad$/,
    ],
    [
      'a view of other rows',
      'create or replace view sad with (security_invoker = true) as select id from people',
      'unsafe',
      /^the query of public\.sad is not what db\/schema declares/,
    ],
    [
      'a view with its owner’s rights',
      'alter view sad reset (security_invoker)',
      'unsafe',
      /^the options of public\.sad .*: none instead of security_invoker=true$/,
    ],
    ['no view', 'drop view sad', 'weak', /declares the view public\.sad, .* has none/],
    [
      'another materialized view',
      'drop materialized view counts; create materialized view counts as select 1 as n',
      'unsafe',
      /the query of public\.counts/,
    ],
  ]
  for (const [what, make, level, says] of CHANGES) {
    test(what, async () => {
      await owner.query(`begin; ${MAKE_RELATED} ${make}`)
      const findings = await findDrift(owner, RELATED, false)
      assert.equal(findings.length, 1, JSON.stringify(findings))
      assert.match(findings[0]?.what ?? '', says)
      assert.equal(findings[0]?.level, level)
    })
  }

  test('no enum', async () => {
    assert.match(
      (await findDrift(owner, { mood }, false))[0]?.what ?? '',
      /declares the enum public\.mood, and the database has none/,
    )
  })
})

test('every kind of column and policy is the same in both', async () => {
  const shelves = pgTable(
    'shelves',
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
      pgPolicy('shared "shelves"', {
        using: sql`exists (select 1 from todos where todos.user_id = ${table.owner}) or exists (
          select 1 from shelves as other where other.owner = ${table.title} and ${table.title} in ('a', ${'b'}))`,
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
    create table shelves (
      id serial primary key, number int generated always as identity,
      double int generated always as (number * 2) stored, title text not null default 'it''s',
      flags jsonb default '{"a": [1]}', done boolean default false, at timestamptz default now(),
      owner text default auth.user_id(), constraint short check (length(title) < 100));
    alter table shelves enable row level security;
    create policy "shared ""shelves""" on shelves using (exists (select 1 from todos where todos.user_id = shelves.owner)
      or exists (select 1 from shelves as other where other.owner = shelves.title and shelves.title in ('a', 'b')));
    create policy own on shelves as restrictive for update to authenticated, anonymous
      using ((select auth.user_id()) = owner)`)
  assert.deepEqual(await findDrift(owner, { ...schema, shelves }, false), [])
  await owner.query('drop table shelves')
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
      return (await findDrift(owner, declared, false))
        .map(({ level, what }) => `${level}: ${what}`)
        .join()
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
