import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ProxyError } from '../../errors'
import { nowSeconds, startIssuer, type Claims, type Issuer } from '../../../test/testing/issuer'
import { MAX_TOKEN_LENGTH } from './decode'
import { parseProviders } from './parse-providers'
import { Providers } from './providers'
import { createVerifier, type VerifyToken } from './verify'

let issuer: Issuer
let verify: VerifyToken
before(async () => {
  issuer = await startIssuer()
  verify = verifierFor({ audience: 'memos', authorizedParties: ['us'] })
})
after(() => issuer.close())

function verifierFor(rules: Record<string, unknown>): VerifyToken {
  const config = { issuer: issuer.url, jwksUrl: issuer.jwksUrl, ...rules }
  return createVerifier(new Providers(parseProviders(JSON.stringify([config]))))
}

const sign = (claims: Claims = {}) =>
  issuer.sign({
    ...{ iss: issuer.url, sub: 'alice', exp: nowSeconds() + 60, aud: 'memos', azp: 'us' },
    ...claims,
  })

const encode = (text: string | Uint8Array) => Buffer.from(text).toString('base64url')

/** A valid token with some parts replaced. */
async function parts(change: { header?: string; payload?: string; signature?: string }) {
  const [header = '', payload = '', signature = ''] = (await sign()).split('.')
  const all = { header, payload, signature, ...change }
  return `${all.header}.${all.payload}.${all.signature}`
}
const header = (fields: Record<string, unknown>) =>
  parts({ header: encode(JSON.stringify({ alg: 'RS256', kid: 'key-1', ...fields })) })

const SECRET = 'bm90IGZvciB0aGUgbG9n'

/** Each cause and its message, which names the claim or part and never its value. */
const CAUSES: Record<string, [() => string | Promise<string>, string | RegExp]> = {
  'one part': [() => SECRET, /encoding: it has 1 part, where a signed token has three$/],
  'two parts': [() => `${SECRET}.x`, /encoding: it has 2 parts/],
  'five parts': [() => `${SECRET}.a.b.c.d`, /encoding: it is encrypted/],
  'an empty token': [() => '', /encoding: it has 1 part/],
  'too many characters': [() => 'x'.repeat(MAX_TOKEN_LENGTH + 1), /^JWT token is too large: /],
  'an empty header': [() => parts({ header: '' }), /encoding: its header is empty$/],
  'an empty payload': [() => parts({ payload: '' }), /encoding: its payload is empty$/],
  'no signature': [() => parts({ signature: '' }), /encoding: its signature is empty$/],
  'a header in another alphabet': [() => parts({ header: 'e30+' }), /its header is not base64url$/],
  padding: [() => parts({ payload: 'e30=' }), /its payload is not base64url$/],
  'a length that base64 cannot have': [
    () => parts({ signature: 'AAAAA' }),
    /signature is not base6/,
  ],
  'bits left over': [() => parts({ signature: 'AB' }), /its signature is not base64url$/],
  'white space': [() => parts({ payload: 'e3 0' }), /its payload is not base64url$/],
  'a header that is not UTF-8': [
    () => parts({ header: encode(Buffer.from([0x22, 0xff, 0x22])) }),
    /its header is not UTF-8$/,
  ],
  'a payload that is not UTF-8': [
    () => parts({ payload: encode(Buffer.from([0x22, 0xc0, 0x80, 0x22])) }),
    /its payload is not UTF-8$/,
  ],
  'a header that is not JSON': [() => parts({ header: encode('{') }), /its header is not JSON$/],
  'a byte order mark': [() => parts({ payload: encode('\ufeff{}') }), /its payload is not JSON$/],
  'a payload that is a list': [
    () => parts({ payload: encode('[]') }),
    /payload is not a JSON object/,
  ],
  'a payload that is null': [
    () => parts({ payload: encode('null') }),
    /payload is not a JSON object/,
  ],
  'a header that is a string': [
    () => parts({ header: encode('"x"') }),
    /header is not a JSON object/,
  ],
  'no algorithm': [() => header({ alg: undefined }), /its header names no algorithm \(alg\)$/],
  'an algorithm that is a list': [() => header({ alg: ['RS256'] }), /names no algorithm \(alg\)$/],
  'a key id that is a number': [
    () => header({ kid: 7 }),
    /key id \(kid\) in its header is not a str/,
  ],
  'an extension': [() => header({ crit: ['exp'] }), /its header demands extensions \(crit\)/],
  'no issuer': [
    () => sign({ iss: undefined }),
    /issuer is not accepted: the token names none \(iss\)$/,
  ],
  'an issuer that is a list': [
    () => sign({ iss: [SECRET] }),
    'JWT token has a claim of the wrong type: iss is not a string',
  ],
  'another issuer': [() => sign({ iss: SECRET }), 'JWT token issuer is not accepted'],
  'an algorithm that is not allowed': [
    () => header({ alg: 'HS256' }),
    'signature algorithm not supported',
  ],
  'a key that is not there': [() => header({ kid: SECRET }), 'jwk not found'],
  'no key id': [() => header({ kid: undefined }), 'missing key id'],
  'another signature': [() => parts({ signature: encode('x'.repeat(256)) }), /^signature error/],
  'no subject': [() => sign({ sub: undefined }), 'JWT token has no subject (sub)'],
  'an empty subject': [() => sign({ sub: '' }), 'JWT token has no subject (sub)'],
  'a subject that is a number': [
    () => sign({ sub: 7 }),
    'JWT token has a claim of the wrong type: sub is not a string',
  ],
  'a subject that is null': [
    () => sign({ sub: null }),
    'JWT token has a claim of the wrong type: sub is not a string',
  ],
  'NUL in the subject': [() => sign({ sub: `${SECRET}\0` }), /no row can hold: it contains NUL$/],
  'half a character': [
    () => sign({ sub: '\ud800' }),
    /no row can hold: it contains half of a char/,
  ],
  'an endless subject': [() => sign({ sub: 'x'.repeat(10_000) }), /longer than 9999 characters$/],
  'no expiry': [() => sign({ exp: undefined }), 'JWT token has no expiry (exp)'],
  'an expiry that is text': [
    () => sign({ exp: '9999999999' }),
    /^JWT token has a claim of the wrong type: exp is not a nu/,
  ],
  'an expiry that is null': [() => sign({ exp: null }), /: exp is not a number of seconds/],
  'an expiry that is a list': [() => sign({ exp: [9e9] }), /: exp is not a number of seconds/],
  'an expiry in the past': [() => sign({ exp: 7 }), 'JWT token has expired (exp=7)'],
  'a start that is text': [() => sign({ nbf: SECRET }), /: nbf is not a number of seconds/],
  'a start in the future': [
    () => sign({ nbf: 9e9 }),
    'JWT token is not yet ready to use (nbf=9000000000)',
  ],
  'an issue time that is text': [() => sign({ iat: SECRET }), /: iat is not a number of seconds/],
  'an audience that is a number': [() => sign({ aud: 7 }), /: aud is not a string or a list of/],
  'no audience': [() => sign({ aud: undefined }), /token audience: it names none \(aud\)$/],
  'an empty audience': [() => sign({ aud: [] }), /token audience: it names none \(aud\)$/],
  'another audience': [() => sign({ aud: SECRET }), /it is meant for another application \(aud\)$/],
  'no party': [() => sign({ azp: undefined }), /does not say to which application .* \(azp\)$/],
  'another party': [
    () => sign({ azp: SECRET }),
    'JWT token was issued to another application (azp)',
  ],
  'a party that is a list': [
    () => sign({ azp: ['us'] }),
    'JWT token has a claim of the wrong type: azp is not a string',
  ],
}

for (const [cause, [make, message]] of Object.entries(CAUSES)) {
  test(`${cause}: one sentence says so, without any value`, async () => {
    const error = await verify(await make()).then(
      () => assert.fail('accepted'),
      (reason: unknown) => reason,
    )
    assert.ok(error instanceof ProxyError, String(error))
    if (typeof message === 'string') assert.equal(error.message, message)
    else assert.match(error.message, message)
    const shown = JSON.stringify([error.message, error.fields])
    assert.ok(!shown.includes(SECRET), shown)
    assert.match(error.fields.hint ?? '', /\.$/)
  })
}

test('different causes have different sentences', async () => {
  const alike = new Map<string, string[]>()
  for (const [cause, [make]] of Object.entries(CAUSES)) {
    const error = await verify(await make()).catch((reason: unknown) => reason)
    const message = error instanceof Error ? error.message : ''
    alike.set(message, [...(alike.get(message) ?? []), cause])
  }
  // Only variants of the same mistake share a message.
  for (const [message, causes] of alike)
    assert.ok(causes.length <= 4, `${message}: ${causes.join()}`)
})

test('the message for an expired token shows how far the clocks are apart', async () => {
  const error = await verify(await sign({ exp: nowSeconds() - 100 })).catch(
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof ProxyError)
  assert.match(error.fields.detail ?? '', /^It expired 10[0-2] s ago; 30 s are allowed/)
})
