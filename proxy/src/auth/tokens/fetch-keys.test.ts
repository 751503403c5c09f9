import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import { test } from 'node:test'
import { mayReach } from './addresses'
import { fetchJson, isKeyUrl } from './fetch-json'
import { discoverJwksUrl, fetchKeys, jwksUrlIn } from './fetch-keys'

async function withServer(listener: RequestListener, run: (url: string) => Promise<void>) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  try {
    await run(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

test('a redirect is not followed', () =>
  withServer(
    (_request, response) => response.writeHead(302, { location: '/elsewhere' }).end(),
    (url) => assert.rejects(fetchKeys(url), /status 302/),
  ))

test('an endless answer is cut off', () =>
  withServer(
    (_request, response) => {
      const more = () => {
        while (response.write('x'.repeat(65_536)));
        response.once('drain', more)
      }
      more()
    },
    (url) => assert.rejects(fetchKeys(url), /more than \d+ bytes/),
  ))

test('keys that cannot be read are skipped one by one', () =>
  withServer(
    (_request, response) => response.end('{"keys":[1,{"kid":"x"},{"kty":"RSA","kid":"a"}]}'),
    async (url) => {
      assert.deepEqual(await fetchKeys(url), [{ kty: 'RSA', kid: 'a' }])
    },
  ))

test('a server that does not answer, or stops half-way, is given up', async () => {
  const impatient = { timeoutMs: 30 }
  await withServer(
    () => undefined,
    (url) => assert.rejects(fetchKeys(url, impatient), /in time/),
  )
  await withServer(
    (_request, response) => response.write('{"keys":['),
    (url) => assert.rejects(fetchKeys(url, impatient), /in time|cannot be reached/),
  )
})

test('invalid JSON, or JSON that is not a key set, is reported in one sentence', async () => {
  await withServer(
    (_request, response) => response.end('<html>'),
    (url) => assert.rejects(fetchKeys(url), /did not answer with JSON/),
  )
  await withServer(
    (_request, response) => response.end('[]'),
    (url) => assert.rejects(fetchKeys(url), /list of keys/),
  )
  await assert.rejects(fetchKeys('http://127.0.0.1:1/'), /cannot be reached \(ECONNREFUSED\)/)
})

test('keys are fetched over https, and over http from this machine only', () => {
  for (const url of ['https://issuer.example/keys', 'http://localhost:1/', 'http://[::1]/']) {
    assert.ok(isKeyUrl(url), url)
  }
  for (const url of [
    'http://issuer.example/keys',
    'http://127.0.0.1.issuer.example/',
    'http://localhost.issuer.example/',
    'https://user:password@issuer.example/',
    'file:///etc/passwd',
    'keys',
  ]) {
    assert.ok(!isKeyUrl(url), url)
  }
})

test('no keys are fetched from a private address, however it is written', async () => {
  const urls = [
    'https://10.1.2.3/',
    'https://192.168.0.1/',
    'https://172.31.255.255/',
    'https://100.64.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://0.0.0.0/',
    'https://127.0.0.2/',
    'https://0x7f000002/',
    'https://2130706434/',
    'https://[fd00::1]/',
    'https://[fe80::1]/',
    'https://[::ffff:10.1.2.3]/',
    'https://[64:ff9b::a01:203]/',
    'https://[2002:a01:203::]/',
    'https://[::]/',
  ]
  for (const url of urls) await assert.rejects(fetchJson(url), /private address/, url)
})

test('a name that resolves to a private address is refused, even if its other addresses are public', async () => {
  const leadsTo = (...addresses: string[]) => ({
    lookup: () => Promise.resolve(addresses.map((address) => ({ address, family: 4 }))),
  })
  for (const addresses of [['127.0.0.1'], ['10.0.0.1'], ['93.184.216.34', '169.254.169.254']]) {
    await assert.rejects(
      fetchJson('https://issuer.example/', leadsTo(...addresses)),
      /issuer\.example is at a private address/,
    )
  }
  await assert.rejects(fetchJson('http://localhost:1/', leadsTo('10.0.0.1')), /private address/)
})

test('the connection uses the address that was checked, so DNS rebinding gains nothing', () =>
  withServer(
    (_request, response) => response.end('{"keys":[]}'),
    async (url) => {
      let lookups = 0
      const lookup = () => {
        lookups++
        return Promise.resolve([{ address: lookups === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }])
      }
      await fetchJson(url.replace('127.0.0.1', 'localhost'), { lookup })
      assert.equal(lookups, 1)
    },
  ))

test('a private network is reached when configured; this host and cloud metadata never', () => {
  for (const address of ['10.0.0.1', '172.16.0.1', '192.168.1.1', '100.64.0.1', 'fd00::1']) {
    assert.equal(mayReach(address, 'public'), false)
    assert.equal(mayReach(address, 'public or private'), true)
  }
  for (const address of ['127.0.0.1', '::1', '169.254.169.254', 'fe80::1', '0.0.0.0']) {
    assert.equal(mayReach(address, 'public or private'), false)
  }
  for (const address of ['93.184.216.34', '2606:2800:220:1::1']) {
    assert.equal(mayReach(address, 'public'), true)
    assert.equal(mayReach(address, 'loopback'), false)
  }
})

test('keys are found by discovery, and the document must be the issuer’s own', async () => {
  let document: Record<string, unknown> = {}
  let asked = ''
  await withServer(
    (request, response) => {
      asked = request.url ?? ''
      response.end(JSON.stringify(document))
    },
    async (url) => {
      document = { issuer: url, jwks_uri: `${url}/keys` }
      assert.equal(await discoverJwksUrl(url), `${url}/keys`)
      assert.equal(asked, '/.well-known/openid-configuration')
      document = { issuer: `${url}/`, jwks_uri: `${url}/keys` }
      await assert.rejects(discoverJwksUrl(url), /another issuer/)
      assert.equal(await discoverJwksUrl(`${url}/`), `${url}/keys`)
      document = { issuer: url, jwks_uri: 'http://issuer.example/keys' }
      await assert.rejects(discoverJwksUrl(url), /not an https/)
      document = { issuer: url }
      await assert.rejects(discoverJwksUrl(url), /does not say where the keys are/)
    },
  )
})

test('a remote issuer cannot direct us to a server on this machine', () => {
  const issuer = 'https://issuer.example'
  assert.equal(
    jwksUrlIn({ issuer, jwks_uri: 'https://a.example/k' }, issuer),
    'https://a.example/k',
  )
  for (const jwks_uri of ['http://127.0.0.1:5432/', 'https://localhost/keys', 'http://[::1]/']) {
    assert.throws(() => jwksUrlIn({ issuer, jwks_uri }, issuer), /not an https/)
  }
})
