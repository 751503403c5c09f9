import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Shares } from './shares'

test('no user holds more than a share, and released items no longer count', () => {
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

test('the user who holds least is next, then the first place; never beyond the share', () => {
  const shares = new Shares<object>(2)
  const waiters = ['bob', 'alice', 'carol'].map((user, place) => ({ user, place }))
  assert.equal(shares.next(waiters)?.user, 'bob')
  shares.hold({}, 'bob')
  assert.equal(shares.next(waiters)?.user, 'alice')
  assert.equal(shares.next([{ user: 'bob', place: 3 }])?.user, 'bob')
  shares.hold({}, 'bob')
  assert.equal(shares.next([{ user: 'bob', place: 3 }]), undefined)
})

test('the proxy itself is exempt', () => {
  const shares = new Shares<object>(1)
  shares.hold({}, undefined)
  assert.equal(shares.mayHold(undefined), true)
})
