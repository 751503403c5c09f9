import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { startTestProxy, type TestProxy } from '../testing/proxy'

let proxy: TestProxy
before(async () => {
  proxy = await startTestProxy()
})
after(() => proxy.stop())

/** Sends bytes on a new connection and returns the answer, up to the given length or the end. */
async function exchange(text: string, isEnough: (answer: string) => boolean): Promise<string> {
  const { hostname, port } = new URL(proxy.url)
  const socket: Socket = connect(Number(port), hostname)
  let answer = ''
  const enough = new Promise<void>((resolve) => {
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
      if (isEnough(answer)) resolve()
    })
    socket.on('close', resolve)
  })
  socket.write(text)
  await enough
  socket.destroy()
  return answer
}

const request = (line: string, headers: string[] = [], body = '') =>
  [line, 'host: localhost', `content-length: ${body.length}`, ...headers, '', body].join('\r\n')
const answersIn = (text: string) => text.split('HTTP/1.1 ').length - 1
const good = async () => [
  `neon-connection-string: ${proxy.connectionString}`,
  `authorization: Bearer ${await proxy.issuer.token('alice')}`,
]

test('anything but POST /sql is not supported', async () => {
  for (const [method, path] of [
    ['GET', '/sql'],
    ['PUT', '/sql'],
    ['DELETE', '/sql'],
    ['PATCH', '/sql'],
    ['POST', '/'],
    ['POST', '/other'],
    ['POST', '/sql/'],
    ['POST', '/SQL'],
    ['POST', '/%73ql'],
    ['OPTIONS', '/'],
  ] as const) {
    const response = await fetch(`${proxy.url}${path}`, { method })
    assert.equal(response.status, 400)
    assert.equal(response.headers.get('content-type'), 'application/json')
    assert.equal(response.headers.get('access-control-allow-origin'), null)
    assert.equal(await response.text(), '"query is not supported"')
  }
  const head = await fetch(proxy.sqlUrl, { method: 'HEAD' })
  assert.deepEqual([head.status, await head.text()], [400, ''])
})

test('a WebSocket is refused like anything else', async () => {
  const upgrade = ['connection: Upgrade', 'upgrade: websocket', 'sec-websocket-version: 13']
  const answer = await exchange(request('GET /sql HTTP/1.1', upgrade), (text) => text.endsWith('"'))
  assert.match(answer, /^HTTP\/1\.1 400 .*"query is not supported"$/s)
})

test('a query string, or a host before the path, changes nothing', async () => {
  const body = '{"query":"select 1"}'
  for (const target of ['/sql?x=1', 'http://anything.example/sql', '/sql']) {
    const text = request(`POST ${target} HTTP/1.1`, await good(), body)
    assert.match(await exchange(text, (answer) => answer.endsWith('}')), /^HTTP\/1\.1 200 /, target)
  }
})

test('one connection answers many requests, in order, whatever the outcome of each', async () => {
  const headers = await good()
  const ask = (query: string) =>
    request('POST /sql HTTP/1.1', headers, JSON.stringify({ query, arrayMode: true }))
  const answer = await exchange(
    [ask(`select 'first'`), ask('select 1 / 0'), ask(`select 'third'`)].join(''),
    (text) => text.includes('third'),
  )
  assert.equal(answersIn(answer), 3)
  assert.match(answer, /200 .*first.* 400 .*division by zero.* 200 .*third/s)
  assert.ok(!/connection: close/i.test(answer))
})

test('an unread body ends the connection, so that it cannot pass for a request', async () => {
  const smuggled = request('POST /sql HTTP/1.1', await good(), '{"query":"select 1"}')
  const head = `POST /sql HTTP/1.1\r\nhost: x\r\ncontent-length: ${smuggled.length + 1}\r\n\r\n`
  const answer = await exchange(head + smuggled, () => false)
  assert.equal(answersIn(answer), 1)
  assert.match(answer, /^HTTP\/1\.1 400 .*connection: close/is)
})

test('of a repeated header, the first value counts', async () => {
  const twice = [...(await good()), 'neon-connection-string: nonsense', 'authorization: Bearer x']
  const text = request('POST /sql HTTP/1.1', twice, '{"query":"select 1"}')
  assert.match(await exchange(text, (answer) => answer.endsWith('}')), /^HTTP\/1\.1 200 /)
})

test('the body’s type and the case of header names do not matter', async () => {
  for (const type of ['application/sql', 'application/json', 'text/plain']) {
    const { status } = await proxy.post(
      { query: 'select 1' },
      { headers: { 'Content-Type': type, 'NEON-ARRAY-MODE': 'true' } },
    )
    assert.equal(status, 200)
  }
})

test('every answer has its own request id, even for invalid HTTP', async () => {
  const ids = await Promise.all([
    fetch(`${proxy.url}/healthz`),
    fetch(`${proxy.url}/nowhere`),
    fetch(proxy.sqlUrl, { method: 'OPTIONS' }),
    fetch(proxy.sqlUrl, { method: 'POST', headers: { 'neon-request-id': 'mine' } }),
  ]).then((answers) => answers.map(({ headers }) => headers.get('neon-request-id')))
  for (const text of ['NONSENSE\r\n\r\n', 'CONNECT localhost:5432 HTTP/1.1\r\n\r\n']) {
    const answer = await exchange(text, () => false)
    assert.match(answer, /^HTTP\/1\.1 400 /)
    ids.push(/neon-request-id: (.*)\r/.exec(answer)?.[1] ?? null)
  }
  for (const id of ids) assert.match(id ?? '', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  assert.equal(new Set(ids).size, ids.length)
})
