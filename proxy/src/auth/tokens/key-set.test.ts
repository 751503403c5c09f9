import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JWK } from 'jose'
import { KeySet } from './key-set'

const SECOND = 1_000
const MINUTE = 60 * SECOND

/** A key set whose clock and source the test controls. */
function setup(initial: string[]) {
  let now = 0
  let fetches = 0
  let kids: string[] | undefined = initial
  const keys = new KeySet(
    'https://issuer.example/keys',
    () => {
      fetches++
      return kids === undefined
        ? Promise.reject(new Error('out'))
        : Promise.resolve(kids.map((kid): JWK => ({ kty: 'RSA', kid })))
    },
    () => now,
  )
  return {
    keys,
    fetches: () => fetches,
    pass: (ms: number) => {
      now += ms
    },
    publish: (next: string[] | undefined) => {
      kids = next
    },
    has: async (kid: string) => (await keys.find(kid)).length === 1,
  }
}

test('concurrent requests share one fetch of the keys', async () => {
  const { has, fetches } = setup(['a'])
  assert.deepEqual(await Promise.all([has('a'), has('a'), has('a')]), [true, true, true])
  assert.equal(fetches(), 1)
})

test('a flood of unknown key ids causes one fetch every 30 s', async () => {
  const { has, fetches, pass } = setup(['a'])
  for (let i = 0; i < 100; i++) assert.equal(await has(`forged-${i}`), false)
  assert.equal(fetches(), 1)
  pass(31 * SECOND)
  for (let i = 0; i < 100; i++) assert.equal(await has(`forged-${i}`), false)
  assert.equal(fetches(), 2)
})

test('a new key is found without a restart, and an old one stops working', async () => {
  const { has, pass, publish } = setup(['a'])
  assert.equal(await has('a'), true)
  publish(['b'])
  pass(31 * SECOND)
  assert.equal(await has('b'), true)
  assert.equal(await has('a'), false)
})

test('keys older than five minutes are used while they are refreshed', async () => {
  const { has, fetches, pass } = setup(['a'])
  await has('a')
  pass(6 * MINUTE)
  assert.equal(await has('a'), true)
  assert.equal(fetches(), 2)
})

test('keys outlive an outage of their issuer for an hour, and no longer', async () => {
  const { has, pass, publish } = setup(['a'])
  await has('a')
  publish(undefined)
  pass(59 * MINUTE)
  assert.equal(await has('a'), true)
  pass(2 * MINUTE)
  await assert.rejects(has('a'), /out/)
  publish(['a'])
  pass(2 * SECOND)
  assert.equal(await has('a'), true)
})

test('an empty key set counts as an outage, not as the removal of all keys', async () => {
  const { has, pass, publish } = setup(['a'])
  await has('a')
  publish([])
  pass(31 * SECOND)
  assert.equal(await has('unknown'), false)
  assert.equal(await has('a'), true)
})
