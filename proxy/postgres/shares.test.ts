import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Shares } from './shares'

test('nobody holds more than the share, and what is let go counts no longer', () => {
  const shares = new Shares<object>(2)
  const [a, b] = [shares.hold({}, 'bob'), shares.hold({}, 'bob')]
  assert.equal(shares.mayHold('bob'), false)
  assert.equal(shares.mayHold('alice'), true)
  shares.letGo(a)
  shares.letGo(a)
  assert.equal(shares.mayHold('bob'), true)
  shares.hold({}, 'bob')
  assert.equal(shares.mayHold('bob'), false)
  shares.letGo(b)
})

test('who holds least is next, then who waited longest; nobody beyond the share', () => {
  const shares = new Shares<object>(2)
  const waiters = ['bob', 'alice', 'carol'].map((user) => ({ user }))
  assert.equal(shares.next(waiters)?.user, 'bob')
  shares.hold({}, 'bob')
  assert.equal(shares.next(waiters)?.user, 'alice')
  assert.equal(shares.next([{ user: 'bob' }])?.user, 'bob')
  shares.hold({}, 'bob')
  assert.equal(shares.next([{ user: 'bob' }]), undefined)
})

test('those who hold the same take turns', () => {
  const shares = new Shares<object>(1)
  const queue = ['bob', 'bob', 'bob', 'alice', 'alice', 'carol'].map((user) => ({ user }))
  const served: string[] = []
  while (queue.length > 0) {
    const next = shares.next(queue)
    assert.ok(next)
    queue.splice(queue.indexOf(next), 1)
    served.push(next.user)
    shares.letGo(shares.hold(next, next.user))
  }
  assert.deepEqual(served, ['bob', 'alice', 'carol', 'bob', 'alice', 'bob'])
})

test('the proxy itself need not share', () => {
  const shares = new Shares<object>(1)
  shares.hold({}, undefined)
  assert.equal(shares.mayHold(undefined), true)
})
