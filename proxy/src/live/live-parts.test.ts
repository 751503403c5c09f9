import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseChange } from './change'
import { Interests } from './interests'
import { Turns } from './turns'
import { WakeAll } from './wake-all'

test('a notification that the triggers never write is ignored', () => {
  for (const payload of [
    '',
    '1',
    'x *',
    '1 2',
    '1 * *',
    'schema ',
    '1 aaaaaaaaaaaaaaaa;',
    '-1 *',
  ]) {
    assert.equal(parseChange(payload), undefined, payload)
  }
  assert.deepEqual(parseChange('7 *'), { kind: 'rows', relation: '7' })
})

test('a change finds the queries with its key, those of the whole table, and those not yet known', () => {
  const interests = new Interests<string>()
  interests.set(
    'alice',
    new Map([
      ['1', ['a']],
      ['2', undefined],
    ]),
  )
  interests.set('bob', new Map([['1', ['b']]]))
  interests.set('new', undefined)
  const concerned = (relation: string, keys?: string[]) =>
    [...interests.concerned({ kind: 'rows', relation, ...(keys ? { keys } : {}) })].sort()
  assert.deepEqual(concerned('1', ['a']), ['alice', 'new'])
  assert.deepEqual(concerned('1', ['c']), ['new'])
  assert.deepEqual(concerned('1'), ['alice', 'bob', 'new'])
  assert.deepEqual(concerned('2', ['c']), ['alice', 'new'])
  interests.set('alice', new Map())
  interests.delete('new')
  assert.deepEqual(concerned('1', ['a', 'b']), ['bob'])
  assert.equal(interests.concerned({ kind: 'schema' }).size, 2)
})

test('a user with many jobs does not keep another waiting', async () => {
  const turns = new Turns(1)
  const order: string[] = []
  const finished = ['bob', 'bob', 'bob', 'alice'].map(
    (user) =>
      new Promise<void>((resolve) => {
        turns.add(user, () => {
          order.push(user)
          resolve()
          return Promise.resolve()
        })
      }),
  )
  await Promise.all(finished)
  assert.deepEqual(order, ['bob', 'alice', 'bob', 'bob'])
})

test('a change that wakes all queries is spaced by their number', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let now = 0
  t.mock.method(performance, 'now', () => now)
  const wakeAll = new WakeAll()
  const woken: number[] = []
  const flood = (ms: number) => {
    for (const end = now + ms; now < end; now++) {
      wakeAll.wake('1', () => {
        woken.push(now)
        return 500
      })
      t.mock.timers.tick(1)
    }
  }
  flood(2_000)
  assert.ok(woken.length >= 4 && woken.length <= 5, String(woken))
  wakeAll.close()
  await Promise.resolve()
})
