/** State that a backend keeps between transactions: each channel is closed, or documented. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startArena, type Arena } from '../testing/arena'
import { until } from '../testing/until'

let arena: Arena
before(async () => {
  arena = await startArena()
  await arena.proxy.asOwner(
    'create table numbered (id bigint generated always as identity, user_id text default auth.user_id())',
  )
  await arena.proxy.asOwner('grant select, insert on numbered to authenticated')
})
after(() => arena.proxy.stop())

/** [what it would reveal, Bob's query]; the gate refuses each query */
const QUESTIONS: readonly (readonly [channel: string, ask: string])[] = [
  ['the last value of a sequence that somebody used', `select lastval()`],
  ['the last value of a named sequence', `select currval('numbered_id_seq')`],
  ['the next value, which counts everybody', `select nextval('numbered_id_seq')`],
  ['a sequence as a relation', `select last_value from pg_sequences`],
  ['the seed of the generator', `select current_setting('seed')`],
  ['a seed of one’s own', `select setseed(0.5)`],
  ['the backend’s shuffles', `select array_shuffle(array[1, 2, 3])`],
  ['the backend’s samples', `select array_sample(array[1, 2, 3], 1)`],
  ['rows drawn with the backend’s generator', `select * from memos tablesample system (50)`],
  ['which backend it is', `select pg_backend_pid()`],
  ['settings of the session', `select current_setting('application_name')`],
  ['plans that others made: kept statements', `select * from pg_prepared_statements`],
  ['plans that others made: EXPLAIN', `explain select * from memos`],
  ['portals', `select * from pg_cursors`],
  ['advisory locks', `select pg_try_advisory_lock(1)`],
  ['who waits for whom', `select * from pg_locks`],
  ['counters', `select pg_stat_get_xact_numscans('memos'::regclass)`],
  ['counters of functions', `select * from pg_stat_user_functions`],
  ['notifications', `listen x`],
  ['memory of the backend', `select * from pg_backend_memory_contexts`],
  ['temporary files and tables', `create temp table t (a int)`],
  ['transaction ids', `select pg_current_xact_id()`],
  ['transaction ids of rows', `select xmin from memos`],
  ['row versions, and vacuum', `select ctid from memos`],
  ['snapshots', `select pg_current_snapshot()`],
  ['the age of the oldest transaction', `select age('1'::xid)`],
  ['sizes', `select pg_relation_size('memos')`],
  ['the write-ahead log’s end', `select pg_current_wal_lsn()`],
  ['the start of the server', `select pg_postmaster_start_time()`],
]

describe('a query for state that the backend keeps is refused by the gate', () => {
  for (const [channel, ask] of QUESTIONS) {
    test(`${channel}: ${ask}`, async () => {
      const { headers, text } = await arena.bob(arena.gated, ask)
      assert.equal(headers.get('proxy-error-code'), 'statement_refused', text)
    })
  }
})

test('uuidv7() does not run ahead of the clock because of others’ draws on the same backend', async () => {
  const [{ version } = {}] = await arena.proxy.asOwner(
    `select current_setting('server_version_num')::int as version`,
  )
  if (Number(version) < 180_000) return
  await arena.alice(arena.gated, 'select count(uuidv7()) from generate_series(1, 200000)')
  // Making one takes longer than the 245 ns by which it advances. Extracted with millisecond precision.
  const { json, text } = await arena.bob(
    arena.gated,
    'select uuid_extract_timestamp(uuidv7()) <= clock_timestamp() as is_behind',
  )
  assert.deepEqual(json.rows, [{ is_behind: true }], text)
})

test('inserting an id that another transaction is inserting waits, which tells only a user who knows the id', async () => {
  const id = '7d444840-9dc0-41d1-b245-5ffdce74fad2'
  await arena.proxy.asOwner('begin')
  try {
    await arena.proxy.asOwner(
      `insert into memos (id, user_id, body) values ($1, 'alice', 'not yet there')`,
      [id],
    )
    const waiting = arena.bob(arena.gated, `insert into memos (id, body) values ('${id}', 'x')`)
    const isWaiting = `select from pg_locks where not granted and locktype = 'transactionid'`
    await until(async () => (await arena.proxy.asOwner(isWaiting)).length > 0)
    await arena.proxy.asOwner('rollback')
    assert.equal((await waiting).status, 200)
  } finally {
    await arena.proxy.asOwner(`delete from memos where user_id = 'bob'`)
  }
})

test('an error or a notice of one user does not reach the next', async () => {
  await arena.bob(arena.gated, `select 'bob'::int`)
  const { json } = await arena.alice(arena.gated, 'select body from memos')
  assert.ok(Array.isArray(json.rows))
  assert.ok(!JSON.stringify(json).includes('bob'))
})
