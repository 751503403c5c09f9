import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startArena, type Arena, type Door } from '../testing/arena'
import type { Posted } from '../testing/proxy'

// Runs alone: budgets are of time, and what a busy machine adds to a statement counts as well.

let arena: Arena
/** A burst of one second, after which running statements end at half a second of debt. No gate, so that pg_sleep works. */
let small: Door
before(async () => {
  arena = await startArena()
  await arena.proxy.asOwner(
    `create function nap(seconds float) returns void security definer language sql as 'select pg_sleep(seconds)'`,
  )
  small = await another({})
})
after(() => arena.proxy.stop())

async function another(env: Record<string, string>): Promise<Door> {
  return arena.proxy.another({
    env: {
      ...{ PROXY_POOL_SIZE: '4', PROXY_USER_CPU_MS: '50', PROXY_FUNCTIONS: 'public.nap' },
      ...env,
    },
  })
}

const as = async (user: string, sql: string, where = small, signal?: AbortSignal) =>
  arena.proxy.post(
    { query: sql },
    {
      sqlUrl: where.sqlUrl,
      token: await arena.proxy.issuer.token(user),
      ...(signal === undefined ? {} : { signal }),
    },
  )
const codeOf = ({ headers }: Posted) => headers.get('proxy-error-code')

test('a user without processor time left is told when to come back, and no other user is', async () => {
  assert.equal((await as('carol', 'select public.nap(1.2)')).status, 200)
  const told = await as('carol', 'select 1')
  assert.equal(told.status, 429, told.text)
  assert.equal(codeOf(told), 'cpu_budget_exceeded')
  assert.match(String(told.json.hint), /^Wait \d+ s/)
  assert.match(told.headers.get('retry-after') ?? '', /^[1-9]\d*$/)
  assert.equal((await as('alice', 'select 1')).status, 200)
})

test('many short statements cost as much as a long one', async () => {
  for (let i = 0; i < 60; i++) {
    const told = await as('judy', 'select public.nap(0.05)')
    if (codeOf(told) === 'cpu_budget_exceeded') return
    assert.equal(told.status, 200, told.text)
  }
  assert.fail('three seconds of work were free')
})

test('a user in debt is refused before their body is read', async () => {
  assert.equal((await as('mallory', 'select public.nap(1.2)')).status, 200)
  const told = await arena.proxy.post('{', {
    sqlUrl: small.sqlUrl,
    token: await arena.proxy.issuer.token('mallory'),
  })
  assert.equal(codeOf(told), 'cpu_budget_exceeded', told.text)
})

test('statements cost the time they take, whether they succeed, fail, or come in a batch', async () => {
  const failed = await as('dave', 'select 1 / coalesce(length(public.nap(1.2)::text), 0)')
  assert.equal(codeOf(failed), 'postgres_error', failed.text)
  assert.equal(codeOf(await as('dave', 'select 1')), 'cpu_budget_exceeded')
  const batch = await arena.proxy.post(
    { queries: [{ query: 'select 1' }, { query: 'select public.nap(1.2)' }] },
    { sqlUrl: small.sqlUrl, token: await arena.proxy.issuer.token('erin') },
  )
  assert.equal(batch.status, 200, batch.text)
  assert.equal(codeOf(await as('erin', 'select 1')), 'cpu_budget_exceeded')
})

test('an abandoned statement costs the time it took', async () => {
  for (let i = 0; i < 10; i++) {
    const gone = new AbortController()
    const running = as('frank', `select public.nap(10) as left_${i}`, small, gone.signal)
    await untilOlder(`left_${i}`, 300)
    gone.abort()
    await assert.rejects(running)
    if (codeOf(await as('frank', 'select 1')) === 'cpu_budget_exceeded') return
  }
  assert.fail('three seconds of work were free')
})

test('when a user’s concurrent statements far exceed their budget, they are ended', async () => {
  const started = performance.now()
  const naps = await Promise.all(
    ['1', '2'].map((n) => as('grace', `select public.nap(12) as n${n}`)),
  )
  for (const told of naps) {
    assert.equal(told.status, 429, told.text)
    assert.equal(told.json.code, '57014')
    assert.equal(codeOf(told), 'cpu_budget_exceeded')
  }
  assert.ok(performance.now() - started < 10_000, 'both would have taken 12 s')
  assert.equal((await as('alice', 'select 1')).status, 200)
})

test('a user whose budget is spent while they wait for a session does not get one', async () => {
  const one = await another({ PROXY_POOL_SIZE: '1' })
  const first = as('heidi', 'select public.nap(1.2) as first_one', one)
  await untilRunning('first_one')
  const second = await as('heidi', 'select public.nap(1.2) as second_one', one)
  assert.equal((await first).status, 200)
  assert.equal(codeOf(second), 'cpu_budget_exceeded')
  assert.notEqual(second.json.code, '57014', 'it ran, and was ended')
})

test('requests without a token have a budget per address', async () => {
  const open = await another({ PROXY_ANONYMOUS: 'on', PROXY_TRUST_PROXY: '127.0.0.0/8,::1' })
  await arena.proxy.asOwner('grant execute on function nap to anonymous')
  const from = (address: string, query: string) =>
    arena.proxy.post({ query }, { sqlUrl: open.sqlUrl, token: null, headers: anonymously(address) })
  const nap = await from('198.51.100.1', 'select public.nap(1.2)')
  assert.equal(nap.status, 200, nap.text)
  assert.equal(codeOf(await from('198.51.100.1', 'select 1')), 'cpu_budget_exceeded')
  assert.equal((await from('198.51.100.2', 'select 1')).status, 200)
})

test('0 switches it off', async () => {
  const off = await another({ PROXY_USER_CPU_MS: '0' })
  assert.equal((await as('ivan', 'select public.nap(1.2)', off)).status, 200)
  assert.equal((await as('ivan', 'select 1', off)).status, 200)
})

function anonymously(address: string): Record<string, string> {
  const { connectionString } = arena.proxy
  return {
    'x-forwarded-for': address,
    'neon-connection-string': connectionString.replace('authenticated', 'anonymous'),
  }
}

/** Waits until Postgres runs a statement that contains this text. */
async function untilRunning(text: string): Promise<void> {
  await untilOlder(text, 0)
}

async function untilOlder(text: string, ms: number): Promise<void> {
  for (const started = Date.now(); Date.now() - started < 10_000;) {
    const rows = await arena.proxy.asOwner(
      `select from pg_stat_activity where state = 'active' and pid <> pg_backend_pid()
         and query like $1 and clock_timestamp() - query_start > $2 * interval '1 ms'`,
      [`%${text}%`, ms],
    )
    if (rows.length > 0) return
  }
  assert.fail(`"${text}" is not running`)
}
