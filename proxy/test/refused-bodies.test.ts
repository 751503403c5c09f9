/** A request that is refused before its body was read receives the refusal, whatever the client. */
import assert from 'node:assert/strict'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { APP_ORIGIN, nowSeconds } from './testing/issuer'
import { startTestProxy, type TestProxy } from './testing/proxy'
import { isInstalled, REVERSE_PROXIES, startReverseProxy } from './testing/reverse-proxy'

const MB = 1024 * 1024
const MAX_BYTES = 2 * MB

let proxy: TestProxy
before(async () => {
  proxy = await startTestProxy({ env: { PROXY_MAX_BODY_BYTES: String(MAX_BYTES) } })
})
after(() => proxy.stop())

const TIMES = 15
const bodyOf = (bytes: number) => JSON.stringify({ query: `select '${'x'.repeat(bytes)}'` })

type Refusal = {
  readonly bytes: number
  readonly status: number
  readonly code: string
  /** null for none. */
  readonly token: (proxy: TestProxy) => Promise<string | null>
}

const valid: Refusal['token'] = ({ issuer }) => issuer.token('alice')
const expired: Refusal['token'] = ({ issuer }) =>
  issuer.token('alice', { exp: nowSeconds() - 3_600 })
const none: Refusal['token'] = () => Promise.resolve(null)

const REFUSALS: Record<string, Refusal> = {
  'a body beyond the limit': { bytes: 3 * MB, status: 413, code: 'body_too_large', token: valid },
  'an expired token, 20 KB': { bytes: 20_000, status: 400, code: 'token_expired', token: expired },
  'an expired token, 1 MB': { bytes: MB, status: 400, code: 'token_expired', token: expired },
  'no token, 200 KB': { bytes: 200_000, status: 400, code: 'credentials_missing', token: none },
}

const headersOf = (token: string | null) => ({
  origin: APP_ORIGIN,
  'neon-connection-string': proxy.connectionString,
  ...(token === null ? {} : { authorization: `Bearer ${token}` }),
})

type Told = { status: number | undefined; code: unknown; origin: unknown }
type Send = (sqlUrl: string, token: string | null, bytes: number) => Promise<Told>

const byFetch: Send = async (sqlUrl, token, bytes) => {
  const response = await fetch(sqlUrl, {
    method: 'POST',
    body: bodyOf(bytes),
    headers: headersOf(token),
  })
  await response.json()
  const { status, headers } = response
  const code = headers.get('proxy-error-code')
  return { status, code, origin: headers.get('access-control-allow-origin') }
}

/** Sends chunks of 64 kB without a content length, over reused connections. */
const agent = new Agent({ keepAlive: true })
after(() => {
  agent.destroy()
})
const byNodeHttp: Send = (sqlUrl, token, bytes) =>
  new Promise((resolve, reject) => {
    const outgoing = request(sqlUrl, { method: 'POST', headers: headersOf(token), agent })
    outgoing.on('error', reject).on('response', (incoming) => {
      const { statusCode: status, headers } = incoming
      const code = headers['proxy-error-code']
      const told = { status, code, origin: headers['access-control-allow-origin'] }
      incoming
        .resume()
        .on('error', reject)
        .on('end', () => {
          resolve(told)
        })
    })
    const body = Buffer.from(bodyOf(bytes))
    for (let at = 0; at < body.length; at += 65_536) outgoing.write(body.subarray(at, at + 65_536))
    outgoing.end()
  })

async function assertTold(send: Send, sqlUrl: string, refusal: Refusal): Promise<void> {
  const { bytes, status, code, token } = refusal
  const expected = { status, code, origin: APP_ORIGIN }
  for (let i = 0; i < TIMES; i++) {
    assert.deepEqual(await send(sqlUrl, await token(proxy), bytes), expected, `time ${i}`)
  }
}

const CLIENTS = { fetch: byFetch, 'node:http in chunks': byNodeHttp }

describe('by itself', () => {
  for (const [client, send] of Object.entries(CLIENTS)) {
    for (const [name, refusal] of Object.entries(REFUSALS)) {
      test(`${name}: ${client}`, () => assertTold(send, proxy.sqlUrl, refusal))
    }
  }
})

for (const [name, program] of Object.entries(REVERSE_PROXIES)) {
  describe(`behind ${name}`, { skip: isInstalled(program) ? false : 'not installed' }, () => {
    for (const [client, send] of Object.entries(CLIENTS)) {
      test(client, async () => {
        const front = await startReverseProxy(program, proxy.url)
        try {
          for (const refusal of Object.values(REFUSALS)) {
            await assertTold(send, front.sqlUrl, refusal)
          }
        } finally {
          agent.destroy()
          await front.close()
        }
      })
    }
  })
}

test('a body that never ends is answered within bounds, and the connection closed', async () => {
  const { hostname, port } = new URL(proxy.url)
  const told = await new Promise<string>((resolve) => {
    const chunk = Buffer.alloc(MB, 'x')
    let text = ''
    const socket = connect(Number(port), hostname, () => {
      socket.write(
        `POST /sql HTTP/1.1\r\nHost: x\r\nContent-Length: ${2 ** 40}\r\nNeon-Connection-String: ${proxy.connectionString}\r\n\r\n`,
      )
      const write = () => {
        while (socket.writable && socket.write(chunk));
      }
      socket.on('drain', write)
      write()
    })
    // At the end, the reset that such a client provokes.
    socket.on('error', () => undefined)
    socket.on('data', (data) => (text += data.toString()))
    socket.on('close', () => {
      resolve(text)
    })
  })
  assert.match(
    told,
    /^HTTP\/1\.1 400 [^]*proxy-error-code: credentials_missing[^]*"routine":null}$/,
  )
})
