import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { InFlight } from './in-flight'

const done = () => Promise.resolve('done')

test('a request keeps its place until the last of its work has ended, well or not', async () => {
  const inFlight = new InFlight(1)
  const end: ((error?: Error) => void)[] = []
  const work = () =>
    new Promise<void>((resolve, reject) => {
      end.push((error) => {
        if (error === undefined) resolve()
        else reject(error)
      })
    })
  const answer = inFlight.run('bob', (holdUntil) => {
    holdUntil(work())
    holdUntil(work())
    return done()
  })
  assert.equal(await answer, 'done')
  await assert.rejects(inFlight.run('bob', done), /too many requests/)
  assert.equal(await inFlight.run('alice', done), 'done')
  end[0]?.(new Error('it failed'))
  await setImmediate()
  await assert.rejects(inFlight.run('bob', done), /too many requests/)
  end[1]?.()
  await setImmediate()
  assert.equal(await inFlight.run('bob', done), 'done')
})

test('a request that fails gives its place back', async () => {
  const inFlight = new InFlight(1)
  await assert.rejects(
    inFlight.run('bob', () => Promise.reject(new Error('no'))),
    /no/,
  )
  assert.equal(await inFlight.run('bob', done), 'done')
})
