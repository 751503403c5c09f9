/** Statements that Postgres cannot interrupt do not stop the service, in any number, abandoned or not. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openGate } from '../../src/gate/gate'
import type { OneProxy, Posted } from '../testing/proxy'
import { startArena, type Arena } from '../testing/arena'
import { until } from '../testing/until'

// Runs alone: it looks for a statement of two seconds, which other work would make shorter or longer.

const MARK = 'endless geometry'
/** Four times the statement timeout, so that it is seen to outlast that. */
const LASTS_MS = 2_000
/** Survives `statement_timeout`, a cancellation and `pg_terminate_backend`. */
const endless = (points: number | string) =>
  `with p as materialized (select ('[' || string_agg('(' || n || ',0)', ',') || ']')::path as a from generate_series(1, ${points}) n) select a <-> a from p /* ${MARK} */`

/** A pool of four, and one more connection that asks Postgres which of them are still running. */
const MOST_BACKENDS = 5

let arena: Arena
let four: OneProxy
/** Points of a path whose distance from itself takes about LASTS_MS on this machine. */
let points = 0
before(async () => {
  arena = await startArena({ PROXY_STATEMENT_TIMEOUT_MS: '500' })
  const { proxy } = arena
  for (points = 300; ; points = Math.ceil(points * 1.5)) {
    const started = performance.now()
    await proxy.asOwner(endless(points))
    if (performance.now() - started > LASTS_MS) break
  }
  four = await proxy.another({
    env: {
      PROXY_POOL_SIZE: '4',
      PROXY_STATEMENT_TIMEOUT_MS: '500',
    },
    overrides: { gate: openGate },
  })
})
after(() => arena.proxy.stop())

const post = async (user: string, query: string, at: OneProxy = four): Promise<Posted> =>
  arena.proxy.post({ query }, { sqlUrl: at.sqlUrl, token: await arena.proxy.issuer.token(user) })

/** Counts the proxies' backends, and those that run such a statement. */
async function backends(): Promise<{ all: number; stuck: number }> {
  const [row] = await arena.proxy.asOwner(
    `select count(*)::int as all, (count(*) filter (where state = 'active' and query like '%${MARK}%'))::int as stuck
     from pg_stat_activity where usename = 'authenticator'`,
  )
  return { all: Number(row?.all), stuck: Number(row?.stuck) }
}

test('eight such statements of one user take only their share, and other users are served', async () => {
  for (let i = 0; i < 3; i++) assert.equal((await post('alice', 'select 1')).status, 200)
  const told = Array.from({ length: 8 }, () => post('bob', endless(points)))
  await until(async () => (await backends()).stuck === 2)
  let most = 0
  const answers = Promise.all(told)
  const over = answers.then(() => true)
  while (!(await Promise.race([over, post('alice', 'select 1').then(() => false)]))) {
    assert.equal((await post('alice', 'select 1')).status, 200)
    assert.equal((await fetch(`${four.url}/readyz`)).status, 200)
    const { all, stuck } = await backends()
    assert.ok(stuck <= 2, 'Bob has half of the sessions at most')
    most = Math.max(most, all)
  }
  for (const { text } of await answers) assert.doesNotMatch(text, /too many connections/)
  assert.ok(most <= MOST_BACKENDS, `${most} backends for four sessions`)

  // Both outlived their cancellation, so Bob gets no session even though some are free.
  const refused = await post('bob', 'select 1')
  // Still there after the answer, so also before.
  if ((await backends()).stuck === 2) {
    assert.equal(refused.status, 429, refused.text)
    assert.equal(refused.headers.get('proxy-error-code'), 'statement_still_running')
    assert.equal(refused.headers.get('retry-after'), '1')
    assert.equal((await post('alice', 'select 1')).status, 200)
  }
  await until(async () => (await backends()).stuck === 0)
  await until(async () => (await post('bob', 'select 1')).status === 200)
})

test('statements of clients that left count until they have ended', async () => {
  const gone = new AbortController()
  const token = await arena.proxy.issuer.token('carol')
  const left = Array.from({ length: 8 }, () =>
    arena.proxy
      .post({ query: endless(points) }, { sqlUrl: four.sqlUrl, token, signal: gone.signal })
      .catch(() => undefined),
  )
  await until(async () => (await backends()).stuck === 2)
  gone.abort()
  await Promise.all(left)
  await until(async () => (await post('carol', 'select 1')).status === 429)
  for (let i = 0; i < 10; i++) {
    assert.equal((await post('alice', 'select 1')).status, 200)
    assert.ok((await backends()).all <= MOST_BACKENDS)
  }
  await until(async () => (await post('carol', 'select 1')).status === 200)
})

test('however many users send them, known statements still get a session', async () => {
  const gated = await arena.proxy.another({
    env: {
      PROXY_POOL_SIZE: '4',
      PROXY_STATEMENT_TIMEOUT_MS: '500',
      PROXY_FUNCTIONS: 'public.spin',
    },
  })
  await arena.proxy.asOwner(
    `create function spin(points int) returns float language sql security definer as $$${endless('points')}$$`,
  )
  const known = 'select count(*) from memos'
  for (let i = 0; i < 3; i++) assert.equal((await post('alice', known, gated)).status, 200)
  const users = ['dora', 'emil', 'fred', 'gina', 'hugo', 'ines']
  const spin = `select public.spin(${points})`
  const told = users.flatMap((user) => [post(user, spin, gated), post(user, spin, gated)])
  const spinning = async () => {
    const query = `select from pg_stat_activity where state = 'active' and query like 'select public.spin%'`
    return (await arena.proxy.asOwner(query)).length
  }
  await until(async () => (await spinning()) === 3)
  while ((await spinning()) === 3) {
    const started = performance.now()
    assert.equal((await post('alice', known, gated)).status, 200)
    assert.ok(performance.now() - started < LASTS_MS / 2, 'Alice does not wait for one of them')
  }
  for (const { text } of await Promise.all(told)) assert.doesNotMatch(text, /too many connections/)
  await until(async () => (await spinning()) === 0)
})
