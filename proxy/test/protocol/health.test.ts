import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestProxy, type TestProxy } from '../testing/proxy'

let proxy: TestProxy
before(async () => {
  proxy = await startTestProxy()
})
after(() => proxy.stop())

test('health and readiness are told apart, and readiness says what is missing', async () => {
  assert.equal((await fetch(`${proxy.url}/healthz`)).status, 200)
  assert.equal((await fetch(`${proxy.url}/readyz`)).status, 200)
  const broken = await proxy.another({
    env: {
      PROXY_DATABASE_URL: 'postgresql://nobody:secret@127.0.0.1:1/memos',
      PROXY_JWT_PROVIDERS: JSON.stringify([{ name: 'gone', issuer: 'http://127.0.0.1:1' }]),
    },
  })
  assert.equal((await fetch(`${broken.url}/healthz`)).status, 200)
  const response = await fetch(`${broken.url}/readyz`)
  const text = await response.text()
  assert.equal(response.status, 503)
  assert.match(text, /Postgres: /)
  assert.match(text, /keys of gone at http:\/\/127.0.0.1:1/)
  assert.ok(!text.includes('secret'))
})

test('HEAD is answered like GET, without the body', async () => {
  for (const path of ['/healthz', '/readyz']) {
    const [get, head] = await Promise.all([
      fetch(`${proxy.url}${path}`),
      fetch(`${proxy.url}${path}`, { method: 'HEAD' }),
    ])
    assert.equal(head.status, 200)
    assert.equal(await head.text(), '')
    assert.equal(head.headers.get('content-length'), String((await get.text()).length))
  }
})
