import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestProxy, type TestProxy } from '../testing/proxy'

let proxy: TestProxy
before(async () => {
  proxy = await startTestProxy()
})
after(() => proxy.stop())

test('only configured origins may read answers, and a cache is told so', async () => {
  const preflight = (origin: string) =>
    fetch(proxy.sqlUrl, { method: 'OPTIONS', headers: { origin } })
  const good = await preflight('http://localhost:3000')
  assert.equal(good.status, 200)
  assert.equal(good.headers.get('access-control-allow-origin'), 'http://localhost:3000')
  const allowed = (good.headers.get('access-control-allow-headers') ?? '').split(', ')
  for (const header of [
    ...['Authorization', 'Neon-Connection-String', 'Neon-Raw-Text-Output', 'Neon-Array-Mode'],
    ...['Neon-Pool-Opt-In', 'Neon-Batch-Read-Only', 'Neon-Batch-Isolation-Level'],
    // Neon forgot this one.
    'Neon-Batch-Deferrable',
  ]) {
    assert.ok(allowed.includes(header), header)
  }
  assert.equal(good.headers.get('allow'), 'OPTIONS, POST')
  assert.equal(good.headers.get('access-control-allow-credentials'), null)
  assert.equal(await good.text(), '')
  assert.equal(good.headers.get('access-control-max-age'), '86400')
  assert.equal(good.headers.get('vary'), 'Origin')

  const bad = await preflight('https://evil.example')
  assert.equal(bad.headers.get('access-control-allow-origin'), null)
  assert.equal(bad.headers.get('access-control-allow-headers'), null)
  assert.equal(bad.headers.get('vary'), 'Origin')

  const answer = await proxy.post(
    { query: 'select 1 / 0' },
    { headers: { origin: 'http://localhost:3000' } },
  )
  assert.equal(answer.headers.get('access-control-allow-origin'), 'http://localhost:3000')
  assert.match(
    answer.headers.get('access-control-expose-headers') ?? '',
    /neon-request-id.*proxy-error-code/,
  )
})
