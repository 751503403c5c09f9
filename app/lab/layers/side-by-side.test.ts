import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import { test } from 'node:test'
import { sideBySide } from './side-by-side'

test('every item is worked on once, and never more of them at once than may be', async () => {
  const done: number[] = []
  let atOnce = 0
  let most = 0
  await sideBySide([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    most = Math.max(most, ++atOnce)
    await setImmediate()
    atOnce--
    done.push(item)
  })
  assert.equal(most, 3)
  assert.deepEqual(done.toSorted(), [1, 2, 3, 4, 5, 6, 7])
})

test('after a failure nothing else is begun, and the failure is told', async () => {
  const begun: number[] = []
  const work = async (item: number) => {
    begun.push(item)
    await setImmediate()
    if (item === 1) throw new Error('no world is left')
  }
  await assert.rejects(sideBySide([1, 2, 3, 4], 2, work), /no world is left/)
  assert.deepEqual(begun, [1, 2])
})
