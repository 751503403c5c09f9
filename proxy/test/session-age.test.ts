import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openGate } from '../src/gate/gate'
import { startTestProxy, type TestProxy } from './testing/proxy'

const MAX_AGE_MS = 300

let proxy: TestProxy
before(async () => {
  const env = { PROXY_SESSION_MAX_AGE_MS: String(MAX_AGE_MS), PROXY_POOL_SIZE: '1' }
  proxy = await startTestProxy({ env, overrides: { gate: openGate } })
  await proxy.asOwner(
    `create function nap(seconds float) returns int security definer language sql as 'select pg_sleep(seconds); select pg_backend_pid()'`,
  )
})
after(() => proxy.stop())

/** The Postgres process that served the request. */
async function pidOf(query: string): Promise<unknown> {
  const { json } = await proxy.post({ query })
  assert.ok(Array.isArray(json.rows), JSON.stringify(json))
  return (json.rows as { pid: unknown }[])[0]?.pid
}

const sessions = () =>
  proxy.asOwner(`select pid from pg_stat_activity where application_name = 'sql-proxy'`)

test('an old session is replaced, and its successor is ready before the next request', async () => {
  const first = await pidOf('select pg_backend_pid() as pid')
  for (;;) {
    const [session] = await sessions()
    if (session !== undefined && session.pid !== first) return
  }
})

test('a session in use is replaced only afterwards', async () => {
  const seconds = (4 * MAX_AGE_MS) / 1000
  const used = await pidOf(`select nap(${seconds}) as pid`)
  for (;;) {
    const [session] = await sessions()
    if (session !== undefined && session.pid !== used) return
  }
})
