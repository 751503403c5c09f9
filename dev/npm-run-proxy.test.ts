import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startProgram } from '../proxy/test/testing/program'
import { startTestProxy, type TestProxy } from '../proxy/test/testing/proxy'
import { startTestDatabase } from './postgres/testing/test-database'
import { until } from '../proxy/test/testing/until'

/** Provides the database and the issuer for the program. */
let proxy: TestProxy
before(async () => {
  proxy = await startTestProxy({}, startTestDatabase)
  await proxy.asOwner(
    `create function nap(seconds float) returns void security definer language sql as 'select pg_sleep(seconds)'`,
  )
})
after(() => proxy.stop())

async function untilNapping(): Promise<void> {
  const napping = `select from pg_stat_activity where query like 'select public.nap(%' and state = 'active' and usename = 'authenticator'`
  await until(async () => (await proxy.asOwner(napping)).length > 0)
}

test('npm run proxy: SIGTERM to npm lets a request in flight finish', async () => {
  const npm = process.env.npm_execpath
  const start = npm === undefined ? (['npm'] as const) : ([process.execPath, npm] as const)
  const { child, ended, url } = startProgram(
    { ...proxy.variables, PROXY_FUNCTIONS: 'public.nap' },
    [...start, 'run', 'proxy'],
    process.cwd(),
  )
  try {
    const address = await url()
    const nap = { query: 'select public.nap(1.5)', params: [] }
    const answer = proxy.post(nap, { sqlUrl: `${address}/sql` })
    await untilNapping()
    child.kill('SIGTERM')
    assert.equal((await answer).status, 200)
    // Not before the proxy has closed the stderr that npm gave it.
    await ended
    await assert.rejects(fetch(`${address}/healthz`))
  } finally {
    child.kill('SIGKILL')
  }
})
