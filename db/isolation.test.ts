import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestDatabase, type TestDatabase } from '../dev/postgres/testing/test-database'
import { connect, runAs, seal } from './testing/as-user'
import { ATTACKS } from './testing/attacks'
import { findLeak, type Connections } from './testing/find-leaks'
import { ALICE, layOutTodos, othersThanAlice } from './testing/people'

let database: TestDatabase
let connections: Connections
let major: number

before(async () => {
  database = await startTestDatabase()
  connections = {
    owner: await connect(database.ownerUrl),
    authenticator: await connect(database.authenticatorUrl),
  }
  major = await majorVersion(connections)
})

after(async () => {
  await connections.owner.end()
  await connections.authenticator.end()
  await database.stop()
})

const PEOPLE = ['Bob', 'a user without an id', 'nobody as authenticated', 'nobody as anonymous']

for (const name of PEOPLE) {
  describe(name, () => {
    for (const attack of ATTACKS) {
      test(`cannot ${attack.name}`, async (t) => {
        if (major < (attack.since ?? 0)) {
          t.skip(`needs PostgreSQL ${attack.since ?? ''}`)
          return
        }
        const actor = othersThanAlice(database.sessionKey).find((person) => person.name === name)
        assert(actor)
        assert.equal(await findLeak(connections, actor, attack), null)
      })
    }
  })
}

test('Alice herself sees and changes her todos', async () => {
  const { owner, authenticator } = connections
  await layOutTodos(owner)
  const alice = {
    role: 'authenticated',
    token: seal(database.sessionKey, { sub: ALICE }),
  } as const
  const seen = await runAs(authenticator, alice, 'select * from todos')
  assert.equal(seen.rowCount, 2)
  const changed = await runAs(authenticator, alice, `update todos set task = 'done' returning *`)
  assert.equal(changed.rowCount, 2)
})

/**
 * How the protection can go wrong, and a command through which that must show. The grants are wide
 * open each time, so that nothing but the policies stands between Bob and Alice.
 */
const MISTAKES: { name: string; change: string; undo: string; shows: RegExp }[] = [
  {
    name: 'a policy that lets everybody read',
    change: `drop policy "users see their own todos" on todos;
             create policy "oops" on todos for select to authenticated using (true)`,
    undo: `drop policy "oops" on todos;
           create policy "users see their own todos" on todos for select to authenticated
             using ((select auth.user_id()) = user_id)`,
    shows: /read all/,
  },
  {
    name: 'a policy that lets everybody insert',
    change: `alter policy "users add todos of their own" on todos with check (true)`,
    undo: `alter policy "users add todos of their own" on todos
             with check ((select auth.user_id()) = user_id)`,
    shows: /plant a todo/,
  },
  {
    name: 'a policy that lets everybody update',
    change: `alter policy "users change their own todos and keep them" on todos
               using (true) with check (true)`,
    undo: `alter policy "users change their own todos and keep them" on todos
             using ((select auth.user_id()) = user_id) with check ((select auth.user_id()) = user_id)`,
    shows: /update all/,
  },
  {
    name: 'a policy that lets everybody give todos away',
    change: `alter policy "users change their own todos and keep them" on todos with check (true)`,
    undo: `alter policy "users change their own todos and keep them" on todos
             with check ((select auth.user_id()) = user_id)`,
    shows: /give everything away/,
  },
  {
    name: 'a policy that lets everybody delete',
    change: `alter policy "users delete their own todos" on todos using (true)`,
    undo: `alter policy "users delete their own todos" on todos
             using ((select auth.user_id()) = user_id)`,
    shows: /delete all/,
  },
  {
    name: 'a policy that believes a setting',
    change: `alter policy "users see their own todos" on todos using (
               nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub' = user_id)`,
    undo: `alter policy "users see their own todos" on todos
             using ((select auth.user_id()) = user_id)`,
    shows: /claim to be Alice/,
  },
]

describe('the proof', () => {
  before(async () => {
    await connections.owner.query(
      `grant all on todos to authenticated, anonymous, authenticator;
       revoke truncate on todos from authenticated, anonymous, authenticator;
       -- So that the planner knows values that somebody could read.
       alter table todos alter user_id set statistics -1, alter task set statistics -1`,
    )
  })

  test('finds no leak with all rights granted, for the policies hold alone', async () => {
    assert.deepEqual(await leaks(), [])
  })

  for (const { name, change, undo, shows } of MISTAKES) {
    test(`notices ${name}`, async () => {
      await connections.owner.query(change)
      try {
        const found = await leaks()
        assert.match(found.join('\n'), shows)
      } finally {
        await connections.owner.query(undo)
      }
      assert.deepEqual(await leaks(), [])
    })
  }

  describe('with row-level security switched off', () => {
    before(() =>
      connections.owner.query(
        'alter table todos disable row level security; grant truncate on todos to authenticated, anonymous, authenticator',
      ),
    )

    for (const attack of ATTACKS) {
      test(`notices that everybody can ${attack.name}`, async (t) => {
        if (major < (attack.since ?? 0)) {
          t.skip(`needs PostgreSQL ${attack.since ?? ''}`)
          return
        }
        for (const actor of othersThanAlice(database.sessionKey)) {
          assert.notEqual(await findLeak(connections, actor, attack), null, actor.name)
        }
      })
    }
  })
})

async function leaks(): Promise<string[]> {
  const found: string[] = []
  for (const actor of othersThanAlice(database.sessionKey)) {
    for (const attack of ATTACKS) {
      const leak = major < (attack.since ?? 0) ? null : await findLeak(connections, actor, attack)
      if (leak !== null) found.push(`${actor.name} can ${attack.name}: ${leak}`)
    }
  }
  return found
}

async function majorVersion({ owner }: Connections): Promise<number> {
  const { rows } = await owner.query<{ version: string }>(
    `select current_setting('server_version_num') as version`,
  )
  return Math.floor(Number(rows[0]?.version) / 10_000)
}
