import assert from 'node:assert/strict'
import { test } from 'node:test'
import { variablesOfWorker } from './share'

const sharesOf = (poolSize: number, queueLength: number, workers: number) =>
  Array.from({ length: workers }, (_, index) =>
    Object.values(variablesOfWorker({ poolSize, queueLength }, workers, index)).map(Number),
  )

test('the workers’ sessions and queue places add up to the totals', () => {
  assert.deepEqual(sharesOf(20, 1_000, 3), [
    [7, 334],
    [7, 333],
    [6, 333],
  ])
})

test('every worker has at least one session, and a queue length of zero stays zero', () => {
  assert.deepEqual(sharesOf(1, 0, 2), [
    [1, 0],
    [1, 0],
  ])
})
