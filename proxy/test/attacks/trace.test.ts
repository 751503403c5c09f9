/** A trace tells its caller about the caller alone, with every kind of statement, with the gate and without. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sealClaims } from '../../src/auth/seal'
import { parseSessionKey } from '../../src/auth/session-key'
import { openGate } from '../../src/gate/gate'
import { startTestProxy, type OneProxy, type TestProxy } from '../testing/proxy'
import { traceOf, TRACED } from '../testing/trace'

const CANARY = 'alice keeps a canary'

let proxy: TestProxy
let open: OneProxy
before(async () => {
  proxy = await startTestProxy({ env: { PROXY_TRACE: 'on' } })
  open = await proxy.another({ env: { PROXY_TRACE: 'on' }, overrides: { gate: openGate } })
  await proxy.asOwner(`insert into memos (user_id, body) values ('alice', $1), ('bob', 'his')`, [
    CANARY,
  ])
})
after(() => proxy.stop())

const STATEMENTS = [
  'select * from memos',
  `select * from memos where user_id = 'alice'`,
  `select * from memos where body like 'alice%' order by body`,
  `insert into memos (user_id, body) values ('alice', 'planted')`,
  `insert into memos (body) values ('mine') on conflict do nothing returning *`,
  `update memos set body = 'mine'`,
  'delete from memos where user_id <> auth.user_id()',
  'select auth.user_id(), auth.session()',
  `select current_setting('auth.session_token')`,
  `select set_config('auth.session_token', '', true)`,
  'select * from private.session_keys',
  'select * from pg_policy',
  `explain (analyze) select * from memos`,
  'reset role',
  `select 1 / length(current_setting('auth.session_token'))`,
  `select current_setting('auth.session_token')::int`,
  'select count(*) from memos a, memos b, memos c',
  'selct 1',
]

test('it holds no token, signature, sealed session or key, and nothing of another user', async () => {
  const token = await proxy.issuer.token('bob')
  const [, , signature = ''] = token.split('.')
  const key = parseSessionKey(proxy.variables.PROXY_SESSION_KEY ?? '')
  const [{ pads } = { pads: '' }] = await proxy.asOwner(
    `select encode(inner_pad, 'hex') || ' ' || encode(outer_pad, 'hex') as pads from private.session_keys`,
  )
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
  const secrets = [
    ...[token, signature, sealClaims(key, payload), sealClaims(key, payload).slice(8, 72)],
    ...[key.key.toString('base64'), key.key.toString('hex'), ...String(pads).split(' ')],
    ...[CANARY, 'canary', new URL(proxy.authenticatorUrl).password],
  ]
  for (const { sqlUrl } of [proxy, open]) {
    for (const query of STATEMENTS) {
      const answer = await proxy.post({ query }, { ...TRACED, token, sqlUrl })
      const { steps } = traceOf(answer)
      const told = JSON.stringify(steps)
      assert.ok(steps.length > 4, answer.text)
      for (const secret of secrets) {
        assert.ok(secret.length > 5 && !told.includes(secret), `${query}: ${told}`)
      }
    }
  }
})

test('values that are sent as parameters are not repeated in it', async () => {
  const query = 'insert into memos (body) values ($1), ($2)'
  const params = ['a value of my own', 'another one']
  const { text } = await proxy.post({ query, params }, TRACED)
  assert.ok(text.includes('trace'))
  assert.ok(!text.slice(text.indexOf('"step":"postgres"')).includes(params[0] ?? ''))
})

test('it estimates no rows, and stays the same whatever others write', async () => {
  const shown = async () => {
    const queries = ['select * from memos order by inserted_at', `update memos set body = 'mine'`]
    const told: string[] = []
    for (const query of queries) {
      const token = await proxy.issuer.token('dave')
      const { plan, policies } = traceOf(await proxy.post({ query }, { ...TRACED, token })).byName
      told.push(JSON.stringify([plan?.plans, policies?.tables]))
    }
    return told.join('\n')
  }
  const earlier = await shown()
  await proxy.asOwner(
    `insert into memos (user_id, body) select 'carol', 'memo ' || n from generate_series(1, 300) n`,
  )
  assert.equal(await shown(), earlier)
  assert.match(earlier, /Scan/)
  assert.doesNotMatch(earlier, /rows=|cost=|width=|Workers|loops|carol/)
})

test('it names no table that the role has no right to, and no policy for other roles', async () => {
  await proxy.asOwner(
    `create policy "for nobody else" on memos for select to anonymous using (true)`,
  )
  const answer = await proxy.post(
    { query: 'select 1 from memos, private.session_keys, drizzle.__drizzle_migrations' },
    { ...TRACED, sqlUrl: open.sqlUrl },
  )
  const { tables = [] } = traceOf(answer).byName.policies ?? {}
  assert.deepEqual(
    tables.map(({ name }) => name),
    ['memos'],
  )
  const names = tables.flatMap(({ policies }) => policies.map(({ name }) => name))
  assert.equal(names.length, 4)
  assert.ok(!names.includes('for nobody else'))
})

test('it is not in the log', async () => {
  await proxy.post({ query: 'select 1' }, TRACED)
  await proxy.post({ query: 'reset role' }, TRACED)
  for (const entry of proxy.log.slice(-2)) {
    const known = ['code', 'id', 'ms', 'role', 'rows', 'status']
    assert.deepEqual(
      Object.keys(entry).filter((name) => !known.includes(name)),
      [],
    )
  }
})
