import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Cancellation, cancelled } from '../cancellation'
import type { PostgresConnection } from './connection'
import { Shares } from './shares'
import { FairQueue } from './fair-queue'

const openLine = () => new FairQueue(new Shares<PostgresConnection>(2))

function queueUp(line: FairQueue, ...users: readonly string[]): Cancellation[] {
  return users.map((user) => {
    const cancellation = new Cancellation()
    line.wait(cancellation, user).catch(() => undefined)
    return cancellation
  })
}

/** Removes the next waiter from the queue. */
function serve(line: FairQueue): string | undefined {
  const next = line.next()
  next?.fail(new Error('served'))
  return next?.user
}

test('users take turns, however many requests each has sent', () => {
  const line = openLine()
  queueUp(line, 'bob', 'bob', 'bob', 'alice', 'alice', 'carol')
  const served = Array.from({ length: 6 }, () => serve(line))
  assert.deepEqual(served, ['bob', 'alice', 'carol', 'bob', 'alice', 'bob'])
})

test('a late user is served before the second request of busy users', () => {
  const line = openLine()
  queueUp(line, ...Array<string>(10).fill('bob'))
  assert.equal(serve(line), 'bob')
  queueUp(line, 'alice')
  assert.equal(serve(line), 'alice')
})

test('no waiter starves while others keep coming', () => {
  const line = openLine()
  queueUp(line, 'bob', 'bob', 'bob')
  const served: (string | undefined)[] = []
  for (let i = 0; i < 50; i++) {
    queueUp(line, `user ${i}`)
    served.push(serve(line))
  }
  assert.equal(served.filter((user) => user === 'bob').length, 3)
})

test('a cancelled waiter does not count in the queue', () => {
  const line = openLine()
  const [first, second] = queueUp(line, 'bob', 'bob')
  first?.cancel(cancelled())
  second?.cancel(cancelled())
  queueUp(line, 'bob', 'alice')
  assert.equal(serve(line), 'bob')
})
