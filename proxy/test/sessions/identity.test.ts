/** With the statement gate off, no SQL of a session changes who its user is, or reads with another's eyes. */
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { CANARY } from '../../attacks/attack'
import { forgedSession, startArena, type Arena } from '../testing/arena'
import { column, sessionsOf, type Sessions } from '../testing/sessions'
import { bind, execute, logIn, openWebSocket, parse, shown, simple, SYNC } from '../testing/wire'

let arena: Arena
let sessions: Sessions
before(async () => {
  arena = await startArena({ PROXY_WEBSOCKET: 'on' })
  sessions = sessionsOf({ ...arena.proxy, url: arena.open.url })
})
afterEach(() => sessions.closeAll())
after(() => arena.proxy.stop())

const who = `select coalesce(auth.user_id(), 'nobody') || ' as ' || current_user as who`
const look = `select coalesce(string_agg(body, ','), '') as bodies from memos`
const forged = forgedSession()

/** What Bob runs, statement by statement, and who he is then: in the same transaction, and after it. */
const attempts: readonly (readonly [steps: readonly string[], inside: string])[] = [
  [['begin', 'savepoint s', 'rollback to s'], 'bob as authenticated'],
  [['begin', 'savepoint s', 'release s'], 'bob as authenticated'],
  [['begin', 'savepoint s', 'reset role', 'rollback to s'], 'bob as authenticated'],
  [
    ['begin', 'savepoint s', `set local auth.session_token = ''`, 'rollback to s'],
    'bob as authenticated',
  ],
  [['begin', 'savepoint s', 'select 1 / 0', 'rollback to s'], 'bob as authenticated'],
  [
    ['begin', 'savepoint a', 'savepoint a', 'rollback to a', 'release a', 'rollback to a'],
    'bob as authenticated',
  ],
  [['begin', 'commit and chain'], 'bob as authenticated'],
  [['begin', 'select 1', 'commit and chain'], 'bob as authenticated'],
  [['begin', 'select 1', 'rollback and chain'], 'bob as authenticated'],
  [['begin', 'select 1 / 0', 'rollback and chain'], 'bob as authenticated'],
  [['begin; commit; begin'], 'bob as authenticated'],
  [['select 1; begin; select 2'], 'bob as authenticated'],
  [['select 1; commit; begin'], 'bob as authenticated'],
  [['begin', `set local auth.session_token = ''`], 'nobody as authenticated'],
  [['begin', `set local auth.session_token = '${forged}'`], '28000'],
  [['begin', `set auth.session_token = '${forged}'`], '28000'],
  [['begin', 'reset auth.session_token'], 'nobody as authenticated'],
  [['begin', `select set_config('auth.session_token', '${forged}', false)`], '25P02'],
  [['begin', 'reset role'], '42501'],
  [['begin', 'set role none'], '42501'],
  [['begin', 'set local role anonymous'], 'bob as anonymous'],
  [['begin', 'set role postgres'], '25P02'],
  [['begin', 'set session authorization postgres'], '25P02'],
  [['begin', 'set session authorization default'], '42501'],
  [['begin', 'set local row_security = off'], 'bob as authenticated'],
  [['begin', 'set session_replication_role = replica'], '25P02'],
  [['set role anonymous'], 'bob as authenticated'],
  [[`set auth.session_token = '${forged}'`], 'bob as authenticated'],
  [['set search_path = pg_temp, public'], 'bob as authenticated'],
  [['reset all', 'discard all', 'deallocate all'], 'bob as authenticated'],
  [[`do $$ begin perform set_config('role', 'postgres', false); end $$`], 'bob as authenticated'],
]

describe('a session stays its user’s', () => {
  for (const [steps, inside] of attempts) {
    test(`${steps.join('; ').slice(0, 100)} → ${inside}`, async () => {
      const bob = await sessions.as('bob')
      const answers: unknown[] = []
      for (const sql of steps) answers.push(await bob.query(sql).catch((error: unknown) => error))
      const now = await column(bob, who).catch((error: unknown) => error)
      assert.equal(Array.isArray(now) ? now[0] : (now as { code?: string }).code, inside)
      answers.push(await column(bob, look).catch((error: unknown) => error))
      await bob.query('rollback')
      assert.deepEqual(await column(bob, who), ['bob as authenticated'])
      answers.push(await column(bob, look))
      assert.ok(!JSON.stringify(answers).includes(CANARY))
      await arena.assertUnharmed()
      await bob.end()
      // The pool has one session: Alice gets what Bob has left.
      const alice = await sessions.as('alice')
      assert.deepEqual(await column(alice, who), ['alice as authenticated'])
      assert.deepEqual(await column(alice, look), [CANARY])
    })
  }

  test('in a pipeline, what follows a COMMIT begins as the user', async () => {
    const wire = await openWebSocket(arena.open.url)
    const database = new URL(arena.proxy.ownerUrl).pathname.slice(1)
    const password = await arena.proxy.issuer.token('bob')
    await logIn(wire, { password, database })
    const run = (sql: string) => [parse(sql), bind(), execute()]
    for (const end of ['commit', 'rollback', 'end', 'abort']) {
      wire.send(
        ...[who, 'begin', who, end, who, 'begin', 'savepoint s', 'rollback to s', who].flatMap(run),
      )
      wire.send(...run('commit'), SYNC)
      const rows = shown(await wire.until('Z')).filter((one) => one.startsWith('D:'))
      assert.deepEqual(rows, Array<string>(4).fill('D:bob as authenticated'), end)
    }
    wire.send(simple(`${who}; commit; ${who}; rollback; ${who}`))
    const rows = shown(await wire.until('Z')).filter((one) => one.startsWith('D:'))
    assert.deepEqual(rows, Array<string>(3).fill('D:bob as authenticated'))
    wire.close()
  })

  test('two users’ sessions that take turns on one session of Postgres stay apart', async () => {
    const [alice, bob] = [await sessions.as('alice'), await sessions.as('bob')]
    for (let i = 0; i < 20; i++) {
      const [hers, his] = await Promise.all([column(alice, who), column(bob, who)])
      assert.deepEqual([hers, his], [['alice as authenticated'], ['bob as authenticated']])
    }
    await bob.query('begin')
    await bob.query(`set local auth.session_token = ''`)
    const waiting = column(alice, who)
    await bob.query('commit')
    assert.deepEqual(await waiting, ['alice as authenticated'])
  })
})
