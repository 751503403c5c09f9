/** The way in over WebSocket itself: who may open one, and what may come through. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { WebSocket } from 'ws'
import { APP_ORIGIN } from '../testing/issuer'
import { startTestProxy, type OneProxy, type TestProxy } from '../testing/proxy'

let proxy: TestProxy
let on: OneProxy
before(async () => {
  proxy = await startTestProxy()
  on = await proxy.another({
    env: { PROXY_WEBSOCKET: 'on' },
    overrides: { webSocket: { pingMs: 100 } },
  })
})
after(() => proxy.stop())

type Opened = {
  readonly socket: WebSocket
  readonly status: number
  readonly code: string | undefined
}

/** @returns status 101 for one that was opened */
function open(path: string, headers: Record<string, string> = {}, url = on.url): Promise<Opened> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url.replace('http', 'ws') + path, { headers })
    socket.on('error', () => undefined)
    socket.on('open', () => {
      resolve({ socket, status: 101, code: undefined })
    })
    socket.on('unexpected-response', (_request, response) => {
      const code = response.headers['proxy-error-code']
      resolve({ socket, status: response.statusCode ?? 0, code: code?.toString() })
    })
  })
}

for (const path of ['/v1', '/v2', '/v2?address=example.com:5432', '/v1?address=127.0.0.1:1']) {
  test(`opens ${path}, and never connects to an address`, async () => {
    const { status, socket } = await open(path)
    assert.equal(status, 101)
    assert.equal(socket.extensions, '', 'nothing is compressed')
    socket.terminate()
  })
}

test('opens no other path, and none while it is off', async () => {
  for (const path of ['/', '/v3', '/sql', '/v2/x']) {
    assert.equal((await open(path)).code, 'route_unknown', path)
  }
  assert.notEqual((await open('/v2', {}, proxy.url)).status, 101)
})

test('a page of a listed origin may open one, and no other', async () => {
  const listed = await open('/v2', { origin: APP_ORIGIN })
  assert.equal(listed.status, 101)
  listed.socket.terminate()
  for (const origin of ['https://evil.example', 'null', `${APP_ORIGIN}.evil.example`]) {
    assert.equal((await open('/v2', { origin })).code, 'origin_refused', origin)
  }
})

const closeOf = (socket: WebSocket): Promise<number> =>
  new Promise((resolve) => socket.once('close', resolve))

test('text frames are refused', async () => {
  const { socket } = await open('/v2')
  socket.send('hello')
  assert.equal(await closeOf(socket), 1003)
})

test('a frame that is too large ends the connection', async () => {
  const { socket } = await open('/v2')
  socket.send(Buffer.alloc(11 * 1024 * 1024))
  assert.equal(await closeOf(socket), 1009)
})

test('a client that does not answer pings is dropped', async () => {
  const { socket } = await open('/v2')
  Object.assign(socket, { pong: () => undefined })
  assert.equal(await closeOf(socket), 1006)
})

test('requests over HTTP go on beside it', async () => {
  const { status } = await proxy.post({ query: 'select 1' }, { sqlUrl: on.sqlUrl })
  assert.equal(status, 200)
})
