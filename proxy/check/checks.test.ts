import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { parseSessionKey } from '../src/auth/session-key'
import { Client } from 'pg'
import type { Check } from './check'
import { definerReachCheck } from './definers'
import * as exposed from './exposed'
import { identityCheck } from './foreign-identity'
import { sizesCheck } from './sizes'
import { memoryCheck } from './memory'
import { clockCheck, judgeClock, sessionKeyCheck } from './identity'
import * as policies from './policies'
import * as roles from './request-roles'
import { statisticsCheck } from './statistics'
import { BAD, DROP, MINE, OPEN, RLS, TABLE } from './testing/bad-states'
import { startBench, type Bench } from './testing/subject'

let bench: Bench
before(async () => {
  bench = await startBench()
})
after(() => bench.stop())

describe('is found, with a fix:', () => {
  for (const { what, check, level, make, undo, says, fix, since = 14 } of BAD) {
    test(what, async (t) => {
      if (since > (await bench.majorVersion())) {
        t.skip(`needs PostgreSQL ${since}`)
        return
      }
      const own = (sql: string) =>
        sql.replaceAll('LOGIN_ROLE', bench.login).replaceAll('USER_ROLE', bench.role)
      assert.deepEqual(await bench.find(check), [], 'before')
      await bench.asOwner(own(make))
      const findings = await bench.find(check).finally(() => bench.asOwner(own(undo)))
      assert.ok(findings.length > 0, 'nothing was found')
      const text = findings.map((finding) => finding.what).join('\n')
      assert.ok(
        findings.some((finding) => says.test(finding.what)),
        text,
      )
      assert.ok(
        findings.some((finding) => fix.test(finding.fix)),
        findings[0]?.fix,
      )
      for (const finding of findings) assert.equal(finding.level, level, finding.what)
      assert.deepEqual(await bench.find(check), [], 'after')
    })
  }
})

const GOOD: readonly [string, readonly Check[], string][] = [
  ['a table that nobody was given', [exposed.rlsCheck, policies.missingPolicyCheck], TABLE],
  [
    'a policy that asks once, over an indexed column',
    [policies.openPolicyCheck, policies.perRowCheck, policies.indexCheck],
    `${RLS} ${OPEN} create policy p on notes using (${MINE}) with check (${MINE})`,
  ],
  [
    'a claim looked up in a sub-select of its own',
    [policies.perRowCheck, policies.indexCheck],
    `${RLS} ${OPEN} create policy p on notes using (owner = (select auth.session() ->> 'sub'))`,
  ],
  [
    'a function of the row, which cannot be asked once',
    [policies.perRowCheck],
    `create function is_mine(text) returns boolean language sql stable return true;
     ${RLS} ${OPEN} create policy p on notes using (is_mine(owner))`,
  ],
  [
    'an index whose leading columns the policy compares as well',
    [policies.indexCheck],
    `${TABLE} alter table notes enable row level security; create index on notes (owner, team); ${OPEN}
     create policy p on notes using (${MINE} and team = 'x' and flag = true)`,
  ],
  [
    'an open policy that a restrictive one narrows',
    [policies.openPolicyCheck],
    `${RLS} ${OPEN} create policy p on notes using (true) with check (true);
     create policy q on notes as restrictive using (${MINE}) with check (${MINE})`,
  ],
  ...[
    '(select auth.user_id()) = owner',
    'owner in (select auth.user_id())',
    'owner = any (array(select auth.user_id()))',
    'exists (select auth.user_id() where auth.user_id() is null)',
    'owner not in (select auth.user_id()) or flag',
    `owner in (select t.user_id from memos as t where t.user_id = (select auth.user_id()))`,
  ].map((condition): (typeof GOOD)[number] => [
    `a sub-select that runs once: ${condition}`,
    [policies.perRowCheck],
    `${RLS} ${OPEN} create policy p on notes using (${condition})`,
  ]),
  ...[
    'owner is not null',
    'flag',
    'flag is not false',
    `owner like 'a%'`,
    'flag or id = 1',
    'not (1 = 1 and flag)',
    'coalesce(flag, true)',
    `exists (select from memos as t where t.user_id = notes.owner)`,
    `owner is null or team is not null`,
    `'a' = 'b' or flag`,
    `owner > ''`,
    'length(owner) > 0',
    'owner in (select team)',
    `coalesce(${MINE}, false)`,
    `(${MINE}) is true`,
    `flag or ${MINE}`,
    `owner = coalesce((select auth.user_id()), 'guest')`,
    `coalesce((select auth.session() ->> 'sub') = owner, true) and auth.user_id() is not null`,
    'case when auth.user_id() is null then flag else auth.user_id() = owner end',
    'not exists (select from memos as t where t.user_id <> notes.owner)',
    'owner is not distinct from (select auth.user_id())',
    '(select true where auth.user_id() = owner)',
  ].map((condition): (typeof GOOD)[number] => [
    `a policy that lets some rows through: ${condition}`,
    [policies.openPolicyCheck, policies.noConditionCheck],
    `${RLS} ${OPEN} create policy p on notes using (${condition})`,
  ]),
  ...[
    MINE,
    `flag or ${MINE}`,
    `owner = current_setting('app.user', true)`,
    'owner = current_user',
    `exists (select from memos as t where t.body = notes.owner)`,
    'exists (select from tasks where tasks.body = notes.owner)',
    'is_mine(owner)',
    'is_mine_too(owner)',
  ].map((condition): (typeof GOOD)[number] => [
    `a policy that asks who the user is: ${condition}`,
    [policies.noUserCheck],
    `create function is_mine(text) returns boolean language sql stable return $1 = auth.user_id();
     create function is_mine_too(text) returns boolean language plpgsql stable as 'begin return is_mine($1); end';
     create view tasks with (security_invoker = true) as select * from memos;
     ${RLS} ${OPEN} create policy p on notes using (${condition})`,
  ]),
  [
    'a policy that asks nothing, which one that asks narrows',
    [policies.noUserCheck],
    `${RLS} ${OPEN} create policy p on notes using (flag) with check (flag);
     create policy q on notes as restrictive using (${MINE})`,
  ],
  [
    'a restrictive policy for what is written alone',
    [policies.noConditionCheck],
    `${RLS} ${OPEN} create policy p on notes using (${MINE});
     create policy q on notes as restrictive with check (flag)`,
  ],
  [
    'settings that are there: of Postgres, of the proxy, or set for the database',
    [identityCheck],
    `do $$ begin execute format('alter database %I set app.tenant = ''x''', current_database()); end $$;
     ${RLS} ${OPEN} create policy p on notes using (team = current_setting('app.tenant')
       and owner = (select auth.user_id()) and current_setting('TimeZone') <> '' and current_user = 'authenticated')`,
  ],
  [
    'indexes and partitions that tell nothing',
    [sizesCheck],
    `create table notes (id int, owner text, at date) partition by range (at);
     alter table notes enable row level security; ${OPEN} create index on notes (owner, id);
     create table plain (id int); create index on plain (id) where id > 0; grant select on plain to authenticated`,
  ],
  [
    'a function with its owner’s rights that users may not call, or that is a trigger',
    [definerReachCheck],
    `${TABLE} create function lookup(int) returns int language sql security definer return 1;
     revoke execute on function lookup(int) from public;
     create function fires() returns trigger language plpgsql security definer as 'begin return null; end'`,
  ],
  [
    'a table whose every row is open, beside one that users do not reach',
    [statisticsCheck],
    `${TABLE} grant select on notes to authenticated; create view v as select * from notes;
     grant select on v to authenticated;
     create table hidden (id int); alter table hidden enable row level security`,
  ],
  [
    'a view with its reader’s rights',
    [exposed.viewCheck],
    `${RLS} create view v with (security_invoker = on) as select * from notes; grant select on v to authenticated`,
  ],
]

describe('is not complained about:', () => {
  for (const [what, checks, make] of GOOD) {
    test(what, async () => {
      await bench.asOwner(make)
      try {
        for (const check of checks) assert.deepEqual(await bench.find(check), [], check.name)
      } finally {
        await bench.asOwner(
          `${DROP}; drop function if exists is_mine(text), is_mine_too(text); drop view if exists tasks; drop table if exists hidden, plain;
           drop function if exists lookup(int), fires();
           do $$ begin execute format('alter database %I reset all', current_database()); end $$`,
        )
      }
    })
  }
})

describe('what is called once, Postgres itself says:', () => {
  const asking = [
    ['asking() = owner', true],
    ['(select asking() = owner)', true],
    ['asking() in (select owner)', true],
    ['asking() in (select asking())', true],
    ['(select asking()) = owner', false],
    ['owner in (select asking())', false],
    ['owner not in (select asking())', false],
    ['owner <> all (select asking())', false],
    ['owner = any (array(select asking()))', false],
    ['exists (select asking())', false],
    ['(owner, team) = (select asking(), asking())', false],
  ] as const
  for (const [condition, isPerRow] of asking) {
    test(`${condition}: ${isPerRow ? 'for every row' : 'once'}`, async () => {
      const owner = new Client({ connectionString: bench.database.ownerUrl })
      await owner.connect()
      let calls = 0
      owner.on('notice', ({ message }) => {
        if (message === 'asked') calls += 1
      })
      try {
        await owner.query(`
          create function asking() returns text stable language plpgsql as $$
            begin raise notice 'asked'; return 'x'; end $$;
          ${RLS} ${OPEN} create policy p on notes using (${condition});
          insert into notes select i, 'x', 'x' from generate_series(1, 9) as i`)
        await owner.query(`begin; set local role authenticated; select * from notes; commit`)
        const findings = await bench.find(policies.perRowCheck)
        assert.equal(findings.length > 0, isPerRow)
        assert.equal(calls >= 9, isPerRow, `${calls} calls for 9 rows`)
      } finally {
        await owner.query('rollback; drop table if exists notes; drop function if exists asking()')
        await owner.end()
      }
    })
  }
})

test('a role that a claim permits may belong to authenticated, and to no other such role', async () => {
  await bench.asOwner(`grant authenticated to ${bench.role}`)
  const good = await bench.find(roles.roleMembershipCheck)
  await bench.asOwner(`revoke authenticated from ${bench.role}`)
  assert.deepEqual(good, [])
  const bad = await bench.find(roles.roleMembershipCheck, { roles: [bench.role, bench.login] })
  assert.match(bad[0]?.what ?? '', new RegExp(`${bench.login} is a member of ${bench.role}`))
})

test('a session key that the database does not know is found', async () => {
  const other = parseSessionKey(randomBytes(32).toString('base64'))
  const [finding] = await bench.find(sessionKeyCheck, { sessionKey: other })
  assert.equal(finding?.level, 'unsafe')
  assert.match(finding.what, /sealed with a key that this database does not know/)
  assert.match(finding.fix, /npm run db:migrate/)
  assert.deepEqual(await bench.find(sessionKeyCheck), [])
})

test('clocks that disagree are found: worth a look from 2 s, unsafe from 30 s', async () => {
  assert.deepEqual(await bench.find(clockCheck), [])
  assert.deepEqual(judgeClock(1), [])
  assert.equal(judgeClock(5)[0]?.level, 'weak')
  assert.match(judgeClock(-31)[0]?.what ?? '', /31\.0 s behind/)
  assert.equal(judgeClock(-31)[0]?.level, 'unsafe')
})

test('a role that does not exist is found, and anonymous is not missed while it is off', async () => {
  const named = ['authenticated', 'missing_role']
  const [finding] = await bench.find(roles.rolesExistCheck, { roles: named })
  assert.match(finding?.what ?? '', /the role missing_role does not exist/)
  assert.match(finding?.fix ?? '', /CREATE ROLE missing_role NOLOGIN NOINHERIT;/)
})

test('a server that lets one statement take 900 MB is worth a look, and the embedded one does not', async () => {
  if (process.platform === 'linux' && !process.env.PROXY_TEST_DATABASE_URL) {
    assert.deepEqual(await bench.find(memoryCheck), [])
  }
  const database = {
    query: () => Promise.resolve([]),
    queryAs: () => Promise.resolve([]),
    searchPath: { value: 'public, pg_temp', schemas: ['public'] },
    close: () => undefined,
  }
  const [finding] = await bench.find(memoryCheck, { database })
  assert.equal(finding?.level, 'weak')
  assert.match(finding.fix, /LimitDATA=256M/)
})
