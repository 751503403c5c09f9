import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { InFlight } from './in-flight'

test('a request keeps its place until all its work has ended, successfully or not', async () => {
  const inFlight = new InFlight(1)
  const end: ((error?: Error) => void)[] = []
  const work = () =>
    new Promise<void>((resolve, reject) => {
      end.push((error) => {
        if (error === undefined) resolve()
        else reject(error)
      })
    })
  const place = inFlight.enter('bob')
  place.holdUntil(work())
  place.holdUntil(work())
  place.leave()
  assert.throws(() => inFlight.enter('bob'), /too many requests/)
  inFlight.enter('alice').leave()
  end[0]?.(new Error('it failed'))
  await setImmediate()
  assert.throws(() => inFlight.enter('bob'), /too many requests/)
  end[1]?.()
  await setImmediate()
  inFlight.enter('bob').leave()
})

test('a place is free immediately if no work continues', () => {
  const inFlight = new InFlight(1)
  inFlight.enter('bob').leave()
  inFlight.enter('bob').leave()
})

test('all users together have a bound of their own, where there is one', () => {
  const inFlight = new InFlight(2, 'large requests', 3)
  const places = ['bob', 'bob', 'mallory'].map((user) => inFlight.enter(user))
  assert.throws(() => inFlight.enter('alice'), /^ProxyError: too many large requests are running/)
  places[0]?.leave()
  inFlight.enter('alice').leave()
})
