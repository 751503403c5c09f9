/** Real forgeries: these signatures were made without a private key. */
import assert from 'node:assert/strict'
import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  sign as signBytes,
  verify as verifyBytes,
} from 'node:crypto'
import { before, describe, test } from 'node:test'
import { compactVerify, importJWK, type JWK } from 'jose'
import { ProxyError } from '../../errors'
import { nowSeconds } from '../../../test/testing/issuer'
import { ALGORITHMS, type Algorithm } from './algorithms'
import { KeySet } from './key-set'
import type { Provider } from './providers'
import { keyProblem } from './sound-key'
import { createVerifier } from './verify'

const ISSUER = 'https://issuer.example'

const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url')
const toBytes = (value: bigint, length: number) =>
  Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex')
const toInteger = (bytes: Buffer) => BigInt(`0x${bytes.toString('hex')}`)

function token(alg: Algorithm, sign: (input: string) => Buffer, claims: object = {}): string {
  const payload = { iss: ISSUER, sub: 'alice', exp: nowSeconds() + 60, ...claims }
  const input = `${encode({ alg, kid: 'k' })}.${encode(payload)}`
  return `${input}.${sign(input).toString('base64url')}`
}

function verifierWith(...keys: JWK[]) {
  const provider: Provider = {
    name: 'test',
    issuer: ISSUER,
    alsoIssuedAs: [],
    keySource: { kind: 'url', url: ISSUER },
    privateNetwork: false,
    audience: [],
    audienceClaims: ['aud'],
    authorizedParties: [],
    algorithms: ALGORITHMS,
    sessionClaim: ['sid'],
    userId: ['sub'],
    leeway: 30,
    roles: new Map(),
    writtenAs: ISSUER,
    keys: new KeySet(ISSUER, () => Promise.resolve(keys)),
  }
  return createVerifier({ find: () => provider })
}

async function assertRefused(key: JWK, forged: string, type: string): Promise<void> {
  await assert.rejects(verifierWith({ ...key, kid: 'k' })(forged), (error) => {
    assert.ok(error instanceof ProxyError)
    assert.equal(error.message, `invalid ${type} key`)
    return true
  })
}

/** The padded message that an RSA signature with SHA-256 must yield (RFC 8017, section 9.2). */
function padded(input: string, length: number): Buffer {
  const digestInfo = Buffer.from('3031300d060960864801650304020105000420', 'hex')
  const hash = createHash('sha256').update(input).digest()
  const filling = Buffer.alloc(length - digestInfo.length - hash.length - 3, 0xff)
  return Buffer.concat([Buffer.from([0, 1]), filling, Buffer.from([0]), digestInfo, hash])
}

describe('RSA', () => {
  let n: string
  let modulus: bigint
  before(() => {
    const jwk = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({
      format: 'jwk',
    })
    n = jwk.n ?? ''
    modulus = toInteger(Buffer.from(n, 'base64url'))
  })

  test('with the exponent 1, where the signature is the padded hash itself, is refused', async () => {
    const key = { kty: 'RSA', n, e: 'AQ' }
    const forged = token('RS256', (input) => padded(input, 256))
    // Node's own verification accepts it.
    await compactVerify(forged, await importJWK(key, 'RS256'))
    await assertRefused(key, forged, 'RSA')
  })

  const BAD_EXPONENTS = [0n, 2n, 4n, 65_536n, 2n ** 31n, 2n ** 33n + 1n]
  for (const e of BAD_EXPONENTS) {
    test(`with the exponent ${e} is refused`, async () => {
      const exponent = toBytes(e, 8).toString('base64url')
      const forged = token('RS256', (input) => padded(input, 256))
      await assertRefused({ kty: 'RSA', n, e: exponent }, forged, 'RSA')
    })
  }

  test('with leading zeros before an exponent of 1, or without one, is refused', async () => {
    const forged = token('RS256', (input) => padded(input, 256))
    for (const e of ['AAAB', '']) await assertRefused({ kty: 'RSA', n, e }, forged, 'RSA')
    await assertRefused({ kty: 'RSA', n }, forged, 'RSA')
  })

  test('with a modulus that is even, tiny, too long, or has a small factor is refused', async () => {
    const forged = token('RS256', (input) => padded(input, 256))
    for (const bad of [
      modulus - 1n,
      modulus >> 1n,
      modulus << 8192n,
      (modulus | 1n) * 751n,
      1n,
      0n,
    ]) {
      const bytes = Buffer.from(bad.toString(16).padStart(3072, '0'), 'hex').toString('base64url')
      await assertRefused({ kty: 'RSA', n: bytes, e: 'AQAB' }, forged, 'RSA')
    }
  })

  test('with the usual exponents is fine', () => {
    for (const e of ['Aw', 'AQAB']) assert.equal(keyProblem({ kty: 'RSA', n, e }), undefined)
  })
})

describe('Ed25519', () => {
  const P = 2n ** 255n - 19n
  const ORDER_8 = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n
  const littleEndian = (y: bigint) => toBytes(y, 32).reverse()
  const keyOf = (y: bigint) => ({
    kty: 'OKP',
    crv: 'Ed25519',
    x: littleEndian(y).toString('base64url'),
  })
  /** The neutral point, and 0 times the base point: valid for any message if the key adds nothing. */
  const NOTHING = Buffer.concat([littleEndian(1n), Buffer.alloc(32)])

  test('with the neutral point as its key, which is valid for any message, is refused', async () => {
    const forged = token('EdDSA', () => NOTHING)
    const key = createPublicKey({ key: keyOf(1n), format: 'jwk' })
    const isAccepted = verifyBytes(null, Buffer.from('any message'), key, NOTHING)
    // Node 20 and 22 have OpenSSL 3.0, which accepts it; 3.5 of Node 24 does not.
    if (process.versions.openssl.startsWith('3.0.')) assert.ok(isAccepted)
    await assertRefused(keyOf(1n), forged, 'OKP')
  })

  test('with any point of small order, in each of its spellings, is refused', async () => {
    const sign = 2n ** 255n
    const points = [0n, 1n, P - 1n, P, P + 1n, ORDER_8, P - ORDER_8]
    for (const y of points.flatMap((point) => [point, point + sign])) {
      // One message in eight fits a key of order 8.
      for (let nonce = 0; nonce < 16; nonce++) {
        await assertRefused(
          keyOf(y),
          token('EdDSA', () => NOTHING, { nonce }),
          'OKP',
        )
      }
    }
  })

  test('with a key of the right kind is fine', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const good = token('EdDSA', (input) => signBytes(null, Buffer.from(input), privateKey))
    const verified = await verifierWith({ ...publicKey.export({ format: 'jwk' }), kid: 'k' })(good)
    assert.equal(verified.subject, 'alice')
  })
})

test('a point that is not on its curve is refused', async () => {
  for (const [crv, alg, length] of [
    ['P-256', 'ES256', 32],
    ['P-384', 'ES384', 48],
    ['P-521', 'ES512', 66],
  ] as const) {
    const forged = token(alg, () => Buffer.alloc(2 * length, 1))
    for (const byte of [0, 1]) {
      const coordinate = Buffer.alloc(length, byte).toString('base64url')
      const key = { kty: 'EC', crv, x: coordinate, y: coordinate }
      await assertRefused(key, forged, crv.replace('-', ''))
    }
  }
})

test('a bad key does not block a good one with the same id', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k' }
  const good = token('RS256', (input) => signBytes('sha256', Buffer.from(input), privateKey))
  await verifierWith({ ...jwk, e: 'AQ' }, jwk)(good)
})

describe('a key that is marked for another use is not used', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k' }
  for (const other of [
    { use: 'enc' },
    { use: 'signature' },
    { key_ops: [] },
    { key_ops: ['sign', 'encrypt'] },
    { alg: 'RS512' },
    { alg: 'RSA-OAEP' },
  ]) {
    test(JSON.stringify(other), async () => {
      const signed = token('RS256', (input) => signBytes('sha256', Buffer.from(input), privateKey))
      await assert.rejects(verifierWith({ ...jwk, ...other })(signed), {
        message: 'signature algorithm not supported',
      })
    })
  }
})
