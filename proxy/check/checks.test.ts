import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { parseSessionKey } from '../session-key'
import type { Check } from './check'
import * as exposed from './exposed'
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

describe('is found, with a way out:', () => {
  for (const { what, check, level, make, undo, says, fix } of BAD) {
    test(what, async () => {
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
          `${DROP}; drop function if exists is_mine(text); drop table if exists hidden`,
        )
      }
    })
  }
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

test('a server that lets one statement have 900 MB is worth a look, and the embedded one does not', async () => {
  if (process.platform === 'linux' && !process.env.TEST_DATABASE_URL) {
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
