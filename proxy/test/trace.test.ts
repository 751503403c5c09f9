/** What a request with `Proxy-Trace: 1` is told about itself, and that it is answered as without. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { CHECKS } from '../src/auth/tokens/checks'
import { nowSeconds } from './testing/issuer'
import { startTestProxy, type PostOptions, type TestProxy } from './testing/proxy'
import { traceOf, TRACED } from './testing/trace'

let proxy: TestProxy
before(async () => {
  proxy = await startTestProxy({ env: { PROXY_TRACE: 'on', PROXY_ANONYMOUS: 'on' } })
})
after(() => proxy.stop())
beforeEach(async () => {
  await proxy.asOwner('truncate memos')
  await proxy.asOwner(`insert into memos (user_id, body) values ('alice', 'hers'), ('bob', 'his')`)
})

const LIST = { query: 'select body from memos where is_archived = $1', params: ['false'] }

test('a read is shown at each stop, from the token to the rows', async () => {
  const answer = await proxy.post(LIST, TRACED)
  assert.equal(answer.status, 200, answer.text)
  assert.deepEqual(answer.json.rows, [{ body: 'hers' }])
  const trace = traceOf(answer)
  assert.deepEqual(
    trace.steps.map(({ step }) => step),
    [
      ...['request', 'token', 'checks', 'limits', 'body', 'gate'],
      ...['pool', 'policies', 'identity', 'plan', 'postgres', 'answer'],
    ],
  )
  for (const { ms } of trace.steps) assert.ok(ms >= 0 && ms < 10_000)
  const { token, checks, gate, policies, identity, plan, postgres } = trace.byName
  assert.deepEqual(token?.header, { alg: 'RS256', kid: 'key-1' })
  assert.equal(token.claims?.sub, 'alice')
  assert.deepEqual(
    checks?.checks?.map(({ check, passed }) => [check, passed]),
    CHECKS.map((check) => [check, true]),
  )
  assert.match(JSON.stringify(gate?.statements), /fromClause: RangeVar memos/)
  assert.deepEqual(identity && [identity.role, identity.userId], ['authenticated', 'alice'])
  assert.deepEqual(
    policies?.tables?.map(({ schema, name, commands, isRowSecurityOn }) => [
      ...[schema, name, commands, isRowSecurityOn],
    ]),
    [['public', 'memos', ['select'], true]],
  )
  const [policy] = policies.tables[0]?.policies.filter(({ command }) => command === 'select') ?? []
  assert.equal(policy?.name, 'users see their own memos')
  assert.match(policy.using ?? '', /auth\.user_id\(\).* = user_id/)
  assert.match(plan?.plans?.[0]?.join('\n') ?? '', /Scan.* on public\.memos/)
  assert.deepEqual(postgres?.statements, [{ sql: LIST.query, params: 1 }])
  assert.equal(trace.byName.answer?.rows, 1)
})

test('a write runs once, and a batch is one transaction', async () => {
  const write = { query: `insert into memos (body) values ('new') returning body` }
  const written = await proxy.post(write, TRACED)
  assert.deepEqual(written.json.rows, [{ body: 'new' }])
  const failing = { queries: [write, { query: `insert into memos (body) values (' ')` }] }
  const failed = await proxy.post(failing, TRACED)
  assert.equal(traceOf(failed).refusedAt, 'postgres')
  const batch = { queries: [LIST, { query: 'delete from memos' }] }
  const answered = await proxy.post(batch, TRACED)
  assert.equal((answered.json.results as unknown[]).length, 2)
  assert.equal(traceOf(answered).byName.plan?.plans?.length, 2)
  assert.deepEqual(await proxy.asOwner('select user_id from memos'), [{ user_id: 'bob' }])
})

test('an answer that is too long to keep has its trace at its end', async () => {
  const env = { PROXY_TRACE: 'on', PROXY_ANSWER_MEMORY_BYTES: '1024' }
  const { sqlUrl, close } = await proxy.another({ env })
  const query = `select '${'x'.repeat(100)}' from generate_series(1, 20000)`
  const answer = await proxy.post({ query }, { ...TRACED, sqlUrl })
  assert.equal(answer.status, 200, answer.text.slice(0, 500))
  assert.equal((answer.json.rows as unknown[]).length, 20_000)
  assert.equal(traceOf(answer).byName.answer?.rows, 20_000)
  await close()
})

const REFUSED: [what: string, at: string, query: string, claims?: Record<string, unknown>][] = [
  ['an expired token', 'checks', 'select 1', { exp: nowSeconds() - 120 }],
  ['a statement that is not allowed', 'gate', 'set role postgres'],
  ['a syntax error', 'gate', 'selct 1'],
  ['an unknown column, at its place in the text', 'plan', 'select body, bdy from memos'],
  ['a table without a grant', 'plan', 'select * from drizzle.__drizzle_migrations'],
  ['a policy', 'postgres', `insert into memos (user_id, body) values ('bob', 'planted')`],
  ['a constraint', 'postgres', `insert into memos (body) values (' untrimmed ')`],
  ['an error of the statement itself', 'postgres', 'select 1 / (select 0)'],
]
for (const [what, at, query, claims = {}] of REFUSED) {
  test(`refused by ${what}: the trace ends at ${at}, and the error is the same as without`, async () => {
    const token = await proxy.issuer.token('alice', claims)
    const untraced = await proxy.post({ query }, { token })
    const traced = await proxy.post({ query }, { ...TRACED, token })
    assert.equal(traced.status, untraced.status)
    const { trace, ...error } = traced.json
    assert.ok(Array.isArray(trace))
    // Postgres counts the lines of its own source, where EXPLAIN may find the same mistake elsewhere.
    assert.deepEqual({ ...error, file: '', line: '' }, { ...untraced.json, file: '', line: '' })
    const { refusedAt, steps } = traceOf(traced)
    assert.equal(refusedAt, at)
    assert.equal(steps.at(-1)?.refused?.code, traced.headers.get('proxy-error-code'))
  })
}

test('of a refused token, the trace names the check, and what the caller has sent', async () => {
  const token = await proxy.issuer.token('alice')
  const [header = '', , signature = ''] = token.split('.')
  const forged = Buffer.from(JSON.stringify({ iss: proxy.issuer.url, sub: 'bob' }))
  const answer = await proxy.post(LIST, {
    ...TRACED,
    token: [header, forged.toString('base64url'), signature].join('.'),
  })
  const { byName, refusedAt, steps } = traceOf(answer)
  assert.equal(refusedAt, 'checks')
  assert.equal(steps.length, 3)
  assert.equal(byName.token?.claims?.sub, 'bob')
  assert.deepEqual(byName.checks?.checks?.at(-1)?.check, 'signature')
  assert.deepEqual(byName.checks.checks.map(({ passed }) => passed).indexOf(false), 5)
  for (const nonsense of ['nonsense', 'a.b.c', `${'x'.repeat(40_000)}.y.z`]) {
    const told = traceOf(await proxy.post(LIST, { ...TRACED, token: nonsense }))
    assert.equal(told.refusedAt, 'checks')
    assert.equal(told.byName.token?.claims, undefined)
  }
})

test('a view shows with whose rights it reads, and a table without row-level security shows that', async () => {
  await proxy.asOwner(`create view leaky as select * from memos;
    create view tight with (security_invoker = true) as select * from memos;
    create table open_notes (id int);
    grant select on leaky, tight, open_notes to authenticated`)
  try {
    const query = 'select 1 from leaky, tight, open_notes'
    const tables = traceOf(await proxy.post({ query }, TRACED)).byName.policies?.tables ?? []
    assert.deepEqual(
      tables
        .map(({ name, kind, reads, isRowSecurityOn }) => [name, kind, reads, isRowSecurityOn])
        .sort(),
      [
        ['leaky', 'view', 'as owner', false],
        ['open_notes', 'table', 'as user', false],
        ['tight', 'view', 'as user', false],
      ],
    )
  } finally {
    await proxy.asOwner('drop view leaky, tight; drop table open_notes')
  }
})

test('a page may ask for a trace only where traces are on', async () => {
  const off = await proxy.another({})
  const preflight = async (url: string) =>
    (
      await fetch(url, { method: 'OPTIONS', headers: { origin: 'http://localhost:3000' } })
    ).headers.get('access-control-allow-headers')
  assert.match((await preflight(proxy.sqlUrl)) ?? '', /, X-Proxy-Trace$/)
  assert.doesNotMatch((await preflight(off.sqlUrl)) ?? '', /Trace$/)
  const fromPage = { headers: { 'x-proxy-trace': '1' } }
  assert.equal(traceOf(await proxy.post(LIST, fromPage)).steps.length, 12)
  for (const options of [
    TRACED,
    fromPage,
    { ...TRACED, token: 'nonsense' },
  ] satisfies PostOptions[]) {
    const answer = await proxy.post(LIST, { ...options, sqlUrl: off.sqlUrl })
    assert.ok(!('trace' in answer.json))
  }
})

test('there is no trace without a token, and none that was not asked for', async () => {
  const anonymous = proxy.connectionString.replace('authenticated', 'anonymous')
  const headers = { ...TRACED.headers, 'neon-connection-string': anonymous }
  for (const [body, options] of [
    [{ query: 'select 1' }, { headers, token: null }],
    [LIST, { headers, token: null }],
    [LIST, { ...TRACED, token: null }],
    [LIST, { headers: { 'proxy-trace': '0', 'x-proxy-trace': 'true' } }],
    [LIST, {}],
  ] satisfies [unknown, PostOptions][]) {
    assert.ok(!('trace' in (await proxy.post(body, options)).json))
  }
})
