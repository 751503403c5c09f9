import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RateLimit, RateLimited } from './rate-limit'

function limitOf(perSecond: number) {
  const clock = { ms: 0 }
  const limit = new RateLimit(perSecond, () => clock.ms)
  const asks = (key: string): number => {
    try {
      limit.take(key)
      return 0
    } catch (error) {
      assert.ok(error instanceof RateLimited)
      return error.seconds
    }
  }
  return { clock, limit, asks }
}

test('one second’s worth may come at once, then one at a time', () => {
  const { clock, asks } = limitOf(3)
  assert.deepEqual(
    [1, 2, 3, 4].map(() => asks('bob')),
    [0, 0, 0, 1],
  )
  clock.ms = 334
  assert.deepEqual([asks('bob'), asks('bob')], [0, 1])
  clock.ms = 60_000
  assert.deepEqual(
    [1, 2, 3, 4].map(() => asks('bob')),
    [0, 0, 0, 1],
  )
})

test('each user has a separate limit', () => {
  const { asks } = limitOf(1)
  assert.equal(asks('bob'), 0)
  assert.equal(asks('bob'), 1)
  assert.equal(asks('alice'), 0)
})

test('below one request per second, the wait is in whole seconds and long enough', () => {
  const { clock, asks } = limitOf(0.1)
  assert.equal(asks('bob'), 0)
  assert.equal(asks('bob'), 10)
  clock.ms = 9_999
  assert.equal(asks('bob'), 1)
  clock.ms = 10_000
  assert.equal(asks('bob'), 0)
})

test('refused requests do not extend the wait', () => {
  const { clock, asks } = limitOf(1)
  asks('bob')
  for (let i = 0; i < 100; i++) assert.equal(asks('bob'), 1)
  clock.ms = 1_000
  assert.equal(asks('bob'), 0)
})

test('zero means no limit, and a flood of keys takes bounded memory', () => {
  const { asks, limit } = limitOf(0)
  for (let i = 0; i < 1_000; i++) assert.equal(asks('bob'), 0)
  assert.equal(limit.size, 0)
  const flooded = limitOf(1)
  for (let i = 0; i < 120_000; i++) flooded.asks(`user ${i}`)
  assert.equal(flooded.limit.size, 50_000)
})
