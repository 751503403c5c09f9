/** SASL OAUTHBEARER (RFC 7628), byte by byte as libpq 18 sends it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { int32, message, text } from '../../src/session/to-client'
import { startTestProxy, type TestProxy } from '../testing/proxy'
import { errorOf, openTcp, shown, simple, startup, type Wire } from '../testing/wire'

let proxy: TestProxy
let database: string
before(async () => {
  proxy = await startTestProxy({ env: { PROXY_TCP_PORT: '0' } })
  database = new URL(proxy.ownerUrl).pathname.slice(1)
})
after(() => proxy.stop())

/** Up to the server's list of mechanisms. */
async function asked(): Promise<Wire> {
  const wire = await openTcp(proxy.tcpPort)
  wire.send(startup({ user: 'authenticated', database, options: '-c auth.method=oauth' }))
  const [mechanisms] = await wire.until('R')
  assert.deepEqual(
    mechanisms?.body,
    Buffer.concat([int32(10), text('OAUTHBEARER'), Buffer.alloc(1)]),
  )
  return wire
}

const initial = (data: string, mechanism = 'OAUTHBEARER'): Buffer =>
  message('p', text(mechanism), int32(Buffer.byteLength(data)), Buffer.from(data))
const bearer = (token: string): Buffer => initial(`n,,\x01auth=Bearer ${token}\x01\x01`)

test('a session begins with the token', async () => {
  const wire = await asked()
  wire.send(bearer(await proxy.issuer.token('alice')))
  assert.equal(shown(await wire.until('Z'))[0], 'R')
  wire.send(simple('select auth.user_id()'))
  assert.deepEqual(shown(await wire.until('Z')), ['T', 'D:alice', 'C:SELECT 1', 'Z:I'])
  wire.close()
})

test('without a token, or with a refused one, the client is told where to get one', async () => {
  const expired = await proxy.issuer.token('alice', { exp: 1 })
  for (const [data, words] of [
    [initial('n,,\x01auth=\x01\x01'), /needs a token/],
    [bearer(expired), /expired/],
    [bearer('nonsense'), /JWT/],
  ] as const) {
    const wire = await asked()
    wire.send(data)
    const [challenge] = await wire.until('R')
    assert.equal(challenge?.body.readInt32BE(0), 11)
    assert.deepEqual(JSON.parse(challenge.body.toString('utf8', 4)), {
      status: 'invalid_token',
      'openid-configuration': `${proxy.issuer.url}/.well-known/openid-configuration`,
      scope: 'openid',
    })
    wire.send(message('p', Buffer.from('\x01')))
    const [error] = await wire.until('E')
    const { C, V, M = '' } = errorOf(error?.body ?? Buffer.alloc(0))
    assert.deepEqual([C, V], ['28000', 'FATAL'])
    assert.match(M, words)
  }
})

const malformed: Record<string, Buffer> = {
  'another mechanism': initial('n,,\x01auth=Bearer x\x01\x01', 'SCRAM-SHA-256'),
  'channel binding': initial('p=tls-unique,,\x01auth=Bearer x\x01\x01'),
  'another identity': initial('n,a=postgres,\x01auth=Bearer x\x01\x01'),
  'no auth value': initial('n,,\x01host=x\x01\x01'),
  'two auth values': initial('n,,\x01auth=Bearer x\x01auth=Bearer y\x01\x01'),
  'another scheme': initial('n,,\x01auth=Basic x\x01\x01'),
  'no end': initial('n,,\x01auth=Bearer x\x01'),
  'more behind the end': initial('n,,\x01auth=Bearer x\x01\x01x'),
  'a password': message('p', text('x')),
}
for (const [what, data] of Object.entries(malformed)) {
  test(`${what} is refused: 08P01`, async () => {
    const wire = await asked()
    wire.send(data)
    assert.deepEqual(shown(await wire.rest()), ['E:08P01'])
  })
}

test('another method is refused by name', async () => {
  const wire = await openTcp(proxy.tcpPort)
  wire.send(startup({ user: 'authenticated', database, options: '-c auth.method=kerberos' }))
  assert.deepEqual(shown(await wire.rest()), ['E:22023'])
})
