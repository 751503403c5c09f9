import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import type { Client } from 'pg'
import { startTestDatabase, type TestDatabase } from '../dev/postgres/testing/test-database'
import { sealClaims } from '../proxy/identity'
import { parseSessionKey } from '../proxy/session-key'
import { connect, runAs, seal } from './testing/as-user'

const ALICE_UUID = '0b9f5a3e-4c1d-4f8a-9b2e-7d6c5a4b3f21'

let database: TestDatabase
let authenticator: Client

before(async () => {
  database = await startTestDatabase()
  authenticator = await connect(database.authenticatorUrl)
})

after(async () => {
  await authenticator.end()
  await database.stop()
})

/** What `expression` is for somebody who comes with this token. */
async function ask(expression: string, token: string, role: Role = 'authenticated') {
  const { rows } = await runAs(authenticator, { role, token }, `select ${expression} as answer`)
  return rows[0]?.answer
}
type Role = 'authenticated' | 'anonymous'

const valid = (claims: Record<string, unknown> = {}) =>
  seal(database.sessionKey, { sub: 'user_alice', ...claims })

const refusal = (words: RegExp) => (error: unknown) => {
  assert(error instanceof Error && 'code' in error)
  assert.equal(error.code, '28000')
  assert.match(error.message, words)
  return true
}

describe('a session that the proxy sealed', () => {
  test('has all its claims', async () => {
    const claims = { sub: 'user_alice', exp: Math.floor(Date.now() / 1000) + 60, name: 'Älice 🌱' }
    const token = sealClaims(parseSessionKey(database.sessionKey), JSON.stringify(claims))
    assert.deepEqual(await ask('auth.session()', token), claims)
    assert.deepEqual(await ask('auth.jwt()', token), claims)
  })

  test('can have claims of any length', async () => {
    for (let length = 0; length < 70; length++) {
      assert.equal(
        await ask(`auth.session() ->> 'pad'`, valid({ pad: 'x'.repeat(length) })),
        'x'.repeat(length),
      )
    }
    const long = 'x'.repeat(100_000)
    assert.equal(await ask(`auth.session() ->> 'pad'`, valid({ pad: long })), long)
  })

  test('names the user', async () => {
    assert.equal(await ask('auth.user_id()', valid()), 'user_alice')
  })

  test('has a uuid only where the user’s id is one', async () => {
    assert.equal(await ask('auth.uid()', valid()), null)
    assert.equal(await ask('auth.uid()', valid({ sub: ALICE_UUID })), ALICE_UUID)
  })

  test('has no user where it has no subject', async () => {
    assert.equal(await ask('auth.user_id()', valid({ sub: undefined })), null)
    assert.equal(await ask('auth.user_id()', valid({ sub: '' })), null)
  })

  test('names the organisation that the user acts for', async () => {
    const o = { id: ALICE_UUID, slug: 'acme', role: 'admin' }
    assert.deepEqual(await ask('auth.organization()', valid({ o })), o)
    assert.equal(await ask('auth.organization_id()', valid({ o })), ALICE_UUID)
    assert.equal(await ask('auth.organization()', valid()), null)
    assert.equal(await ask('auth.organization()', valid({ o: 'acme' })), null)
    assert.equal(await ask('auth.organization_id()', valid({ o: { id: 'acme' } })), null)
  })

  test('lives on for 30 s after its expiry, as in the proxy', async () => {
    const expiredFor = (seconds: number) => valid({ exp: Math.floor(Date.now() / 1000) - seconds })
    assert.equal(await ask('auth.user_id()', expiredFor(25)), 'user_alice')
    await assert.rejects(ask('auth.user_id()', expiredFor(31)), refusal(/expired/))
  })

  test('is nobody’s once its transaction is over', async () => {
    await ask('auth.user_id()', valid())
    assert.equal(await ask('auth.user_id()', ''), null)
    const { rows } = await authenticator.query<Record<string, unknown>>(
      `select current_user as role, current_setting('auth.session_token', true) as token`,
    )
    assert.deepEqual(rows, [{ role: 'authenticator', token: '' }])
  })
})

describe('without a session', () => {
  for (const role of ['authenticated', 'anonymous'] as const) {
    test(`every question about the user has the answer NULL for ${role}`, async () => {
      for (const name of ['session', 'jwt', 'user_id', 'uid', 'organization', 'organization_id']) {
        assert.equal(await ask(`auth.${name}()`, '', role), null, name)
      }
    })
  }

  test('a connection that never had one has the answer NULL too', async () => {
    const fresh = await connect(database.authenticatorUrl)
    await fresh.query('begin; set local role authenticated')
    const { rows } = await fresh.query<{ id: unknown }>('select auth.user_id() as id')
    await fresh.end()
    assert.deepEqual(rows, [{ id: null }])
  })
})

describe('a session that the proxy did not seal is an error, never NULL', () => {
  const parts = () => valid().split('.') as [string, string, string]
  const bob = Buffer.from(JSON.stringify({ sub: 'user_bob', exp: 4e9 })).toString('base64url')
  const FORGERIES: [string, () => string, RegExp][] = [
    [
      'other claims under a seal that fits Alice’s',
      () => [parts()[0], bob, parts()[2]].join('.'),
      /seal does not fit/,
    ],
    [
      'a seal made up',
      () => [parts()[0], parts()[1], 'A'.repeat(43)].join('.'),
      /seal does not fit/,
    ],
    ['an empty seal', () => [parts()[0], parts()[1], ''].join('.'), /seal does not fit/],
    ['no seal', () => [parts()[0], parts()[1]].join('.'), /seal does not fit/],
    ['a token cut short', () => valid().slice(0, -1), /seal does not fit/],
    ['a token with something behind it', () => `${valid()}.`, /seal does not fit/],
    ['a token with a space behind it', () => `${valid()} `, /seal does not fit/],
    ['a seal with padding', () => `${valid()}=`, /seal does not fit/],
    [
      'another key',
      () => seal(randomBytes(32).toString('base64'), { sub: 'user_alice' }),
      /does not know/,
    ],
    [
      'another key under the name of ours',
      () => {
        const other = seal(randomBytes(32).toString('base64'), { sub: 'user_alice' }).split('.')
        return [parts()[0], other[1], other[2]].join('.')
      },
      /seal does not fit/,
    ],
    ['a plain user id', () => 'user_alice', /does not know/],
    ['plain claims', () => '{"sub":"user_alice"}', /does not know/],
    ['an unsigned JWT', () => `eyJhbGciOiJub25lIn0.${bob}.`, /does not know/],
    ['garbage', () => '%\u00ff\u2603..', /does not know/],
    ['dots', () => '..', /does not know/],
    ['a space', () => ' ', /does not know/],
  ]
  for (const [name, token, words] of FORGERIES) {
    test(name, async () => {
      await assert.rejects(ask('auth.user_id()', token()), refusal(words))
      await assert.rejects(ask('auth.session()', token(), 'anonymous'), refusal(words))
      await assert.rejects(ask('(select count(*) from todos)', token()), refusal(words))
    })
  }
})

describe('claims that the proxy should not have sealed are refused as well', () => {
  const CLAIMS: [string, Record<string, unknown>, RegExp][] = [
    ['without expiry', { exp: undefined }, /no time of expiry/],
    ['with an expiry of null', { exp: null }, /no time of expiry/],
    ['with an expiry that is text', { exp: '4000000000' }, /no time of expiry/],
    ['expired', { exp: 1_700_000_000 }, /expired/],
    ['with a subject that is a number', { sub: 42 }, /subject is not a string/],
    ['with a subject that is an object', { sub: { id: 'user_alice' } }, /subject is not a string/],
  ]
  for (const [name, claims, words] of CLAIMS) {
    test(name, () => assert.rejects(ask('auth.user_id()', valid(claims)), refusal(words)))
  }

  test('no error repeats anything of the token', async () => {
    const secret = 'only-in-the-claims'
    for (const token of [
      `${valid({ secret })}x`,
      valid({ secret, exp: 1 }),
      `x${valid({ secret })}`,
    ]) {
      await assert.rejects(ask('auth.user_id()', token), (error: unknown) => {
        const words = JSON.stringify(error) + String(error)
        for (const part of [secret, ...token.split('.')]) assert(!words.includes(part))
        return true
      })
    }
  })
})
