import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { startTestProxy, type TestProxy } from '../testing/proxy'

const ORIGIN = 'http://localhost:3000'

let proxy: TestProxy
before(async () => {
  proxy = await startTestProxy()
})
after(() => proxy.stop())

test('only configured origins may read answers, and caches are told to distinguish origins', async () => {
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
    'Last-Event-ID',
    // Browsers' tracing adds these to every request.
    ...['traceparent', 'tracestate', 'baggage', 'sentry-trace'],
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

test('further request headers are allowed by PROXY_ALLOWED_HEADERS', async () => {
  const { sqlUrl } = await proxy.another({ env: { PROXY_ALLOWED_HEADERS: 'X-Request-Id, b3' } })
  const allowedBy = async (url: string) => {
    const response = await fetch(url, { method: 'OPTIONS', headers: { origin: ORIGIN } })
    return (response.headers.get('access-control-allow-headers') ?? '').split(', ')
  }
  const before = await allowedBy(proxy.sqlUrl)
  assert.deepEqual(await allowedBy(sqlUrl), [...before, 'X-Request-Id', 'b3'])
})

test('a token that is too large says so to the page that sent it', async () => {
  for (const length of [32 * 1024 + 1, 60_000, 70_000, 120_000]) {
    const { status, headers, json } = await proxy.post(
      { query: 'select 1' },
      { token: 'x'.repeat(length), headers: { origin: ORIGIN } },
    )
    assert.equal(status, 400)
    assert.equal(headers.get('proxy-error-code'), 'token_too_large')
    assert.match(String(json.message), /^JWT token is too large: .* 32768 /)
    assert.equal(headers.get('access-control-allow-origin'), ORIGIN)
  }
})

test('a token beyond the limit on headers is refused readably for any page, without delay', async () => {
  for (const length of [140_000, 500_000, 900_000]) {
    const { status, headers, json } = await proxy.post(
      { query: `select '${'x'.repeat(1_000)}'` },
      { token: 'x'.repeat(length), headers: { origin: ORIGIN } },
    )
    assert.equal(status, 431)
    assert.equal(headers.get('proxy-error-code'), 'headers_too_large')
    assert.equal(headers.get('access-control-allow-origin'), '*')
    assert.equal(Object.keys(json).length, 17)
    assert.match(String(json.message), /larger than 131072 bytes; a JWT token may have 32768 /)
  }
})

test('a client that reads only after writing everything gets that refusal, too', async () => {
  const { hostname, port } = new URL(proxy.url)
  const socket = connect({ host: hostname, port: Number(port) })
  const write = (text: string) =>
    new Promise<void>((resolve, reject) => {
      socket.write(text, (error) => {
        if (error) reject(error)
        else resolve()
      })
    })
  await write(`POST /sql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${'x'.repeat(140_000)}`)
  // It has been refused by now; with a reset, the answer would be lost.
  await proxy.post({ query: 'select 1' })
  for (let i = 0; i < 5; i++) {
    await write('x'.repeat(20_000))
    await proxy.post({ query: 'select 1' })
  }
  socket.end('\r\n\r\n')
  assert.match(await text(socket), /^HTTP\/1\.1 431 .*proxy-error-code: headers_too_large.*\}$/s)
})
