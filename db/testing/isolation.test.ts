import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { sharedDatabase } from './isolation'
import { isNoticed, policyChanges } from './policy-changes'
import { findUnproven } from './reach'
import { GROUP_TABLES } from './sharing/matrix'
import { subjectOf, type Subject } from './subject'
import { findHarmlessAttacks, findLeaks, findRefusals, inTrial } from './trial'

const place = sharedDatabase()

const notesTable = pgTable('notes', {
  id: uuid().primaryKey().defaultRandom(),
  owner: text().notNull(),
  body: text().notNull(),
})
const notes = subjectOf({ table: notesTable, owner: notesTable.owner })

const MINE = '(select auth.user_id()) = owner'

const SOUND = {
  select: `create policy "see" on notes for select to authenticated using (${MINE})`,
  insert: `create policy "add" on notes for insert to authenticated with check (${MINE})`,
  update: `create policy "change" on notes for update to authenticated using (${MINE}) with check (${MINE})`,
  delete: `create policy "delete" on notes for delete to authenticated using (${MINE})`,
}

const NOTES = `
  create table notes (id uuid primary key default gen_random_uuid(), owner text not null, body text not null);
  grant select, insert, update, delete on notes to authenticated;
  alter table notes enable row level security;`

const withPolicies = (policies: Partial<typeof SOUND> = {}, more = '') =>
  [NOTES, ...Object.values({ ...SOUND, ...policies }), more].join(';\n')

/** What the proof says of a table that is made like this. */
function verdict(change: string, subject: Subject = notes) {
  return inTrial(place(), subject, { change }, async (trial) => ({
    leaks: (await findLeaks(trial)).join('\n'),
    refusals: (await findRefusals(trial)).join('\n'),
  }))
}

test('the proof has nothing to say about a table with sound policies', async () => {
  assert.deepEqual(await verdict(withPolicies()), { leaks: '', refusals: '' })
})

describe('the proof finds', () => {
  const LEAKS: readonly [what: string, change: string, says: RegExp][] = [
    [
      'a policy that lets everyone read',
      withPolicies({ select: 'create policy "see" on notes for select using (true)' }),
      /^Bob can read all rows: [^]*nobody as authenticated can read all rows: /,
    ],
    [
      'a policy that lets everyone insert',
      withPolicies({ insert: 'create policy "add" on notes for insert with check (true)' }),
      /^Bob can plant a row: /m,
    ],
    [
      'a policy that lets users give rows away',
      withPolicies({
        update: `create policy "change" on notes for update using (${MINE}) with check (true)`,
      }),
      /^Bob can give everything away: /m,
    ],
    [
      'a policy that lets users take rows over',
      withPolicies({
        update: `create policy "change" on notes for update using (true) with check (${MINE})`,
      }),
      /^Bob can take everything over: /m,
    ],
    [
      'a policy that lets everyone delete',
      withPolicies({ delete: 'create policy "delete" on notes for delete using (true)' }),
      /^Bob can delete all rows: /m,
    ],
    [
      'a policy that believes a setting',
      withPolicies({
        select: `create policy "see" on notes for select using (
          nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub' = owner)`,
      }),
      /^Bob can claim to be Alice in a setting: /m,
    ],
    [
      'a table without row-level security',
      withPolicies({}, 'alter table notes disable row level security'),
      /^Bob can read all rows: [^]*^Bob can plant a row: [^]*^Bob can delete all rows: /m,
    ],
    [
      'TRUNCATE, which policies do not cover',
      withPolicies({}, 'grant truncate on notes to authenticated'),
      /^Bob can truncate: /m,
    ],
  ]

  for (const [what, change, says] of LEAKS) {
    test(what, async () => {
      assert.match((await verdict(change)).leaks, says)
    })
  }

  test('an INSERT policy without WITH CHECK, which lets nobody in', async () => {
    const { leaks, refusals } = await verdict(
      withPolicies({ insert: 'create policy "add" on notes for insert to authenticated' }),
    )
    assert.equal(leaks, '')
    assert.match(refusals, /^insert: new row violates row-level security policy/)
  })

  test('a grant without a policy', async () => {
    const { refusals } = await verdict(withPolicies({}, 'drop policy "delete" on notes'))
    assert.equal(refusals, 'delete: 0 rows instead of 2')
  })
})

test('the proof holds for a table in which a user has one row', async () => {
  const table = pgTable('profiles', { owner: text().primaryKey(), motto: text().notNull() })
  const profiles = subjectOf({ table, owner: table.owner })
  await proveMade(
    profiles,
    `create table profiles (owner text primary key, motto text not null);
     grant select, insert, update, delete on profiles to authenticated;
     alter table profiles enable row level security;
     create policy "own" on profiles to authenticated using (${MINE}) with check (${MINE})`,
    3,
  )
})

test('the proof holds for a table whose owners are UUIDs, beside a table that it refers to', async () => {
  const table = pgTable(
    'stars',
    { owner: uuid().notNull(), shop: text().notNull(), note: text() },
    (columns) => [primaryKey({ columns: [columns.owner, columns.shop] })],
  )
  const stars = subjectOf({
    table,
    owner: table.owner,
    row: (n) => ({ shop: `shop ${n}`, note: `${n} stars` }),
    given: `insert into shops select 'shop ' || n from generate_series(1, 9) as n`,
  })
  await proveMade(
    stars,
    `create table shops (name text primary key);
     create table stars (owner uuid not null, shop text not null references shops, note text, primary key (owner, shop));
     grant select, insert, delete on stars to authenticated;
     grant update (note) on stars to authenticated;
     alter table stars enable row level security;
     create policy "own" on stars to authenticated using ((select auth.user_id())::uuid = owner)`,
    2,
  )
})

/** Makes the table for good, for what is tried with it is rolled back. */
async function proveMade(subject: Subject, sql: string, changes: number): Promise<void> {
  const { superuser } = place()
  await superuser.query(sql)
  assert.deepEqual(await verdict('', subject), { leaks: '', refusals: '' })
  assert.deepEqual(await findHarmlessAttacks(place(), subject), [])
  const found = await policyChanges(place(), subject)
  assert.equal(found.length, changes)
  for (const change of found) assert.ok(await isNoticed(place(), subject, change), change.name)
}

describe('a table without a proof is found', () => {
  const REACHED: readonly [how: string, change: string, says: RegExp | null][] = [
    [
      'when users may read it',
      'grant select on notes to authenticated',
      /^public\.notes: users can/,
    ],
    ['when anonymous may', 'grant select on notes to anonymous', /^public\.notes: users can/],
    ['when everyone may', 'grant insert on notes to public', /^public\.notes: users can/],
    ['by one column', 'grant select (id) on notes to authenticated', /^public\.notes: users can/],
    [
      'behind a view that asks with its owner’s rights',
      'create view titles as select body from notes; grant select on titles to authenticated',
      /^public\.titles: users can/,
    ],
    [
      'unless a view asks with its user’s rights',
      `create view titles with (security_invoker = on) as select body from notes;
       grant select on titles to authenticated`,
      null,
    ],
    ['unless nobody may', '', null],
    [
      'when all share it, and may write',
      'grant delete on shared to authenticated',
      /^public\.shared: it is shared/,
    ],
    ['unless all share it to read', 'grant select on shared to authenticated', null],
  ]

  for (const [how, change, says] of REACHED) {
    test(how, async () => {
      const { superuser } = place()
      const known = { 'proxy_state.schema_version': '', 'public.shared': '' }
      await superuser.query('begin')
      try {
        await superuser.query(
          'create table notes (id int primary key, body text); create table shared (id int)',
        )
        await superuser.query(change)
        const own = [...GROUP_TABLES, 'list_joins', 'list_previews', 'profiles', 'stars']
        const proven = new Set(own.map((name) => `public.${name}`))
        const found = await findUnproven(superuser, proven, known)
        if (says === null) assert.deepEqual(found, [])
        else assert.match(found.join('\n'), says)
      } finally {
        await superuser.query('rollback')
      }
    })
  }
})
