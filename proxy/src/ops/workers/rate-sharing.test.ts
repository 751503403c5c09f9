import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import { test } from 'node:test'
import { CpuBudget, CpuBudgetExceeded } from '../../limits/cpu-budget'
import { RateLimit, RateLimited } from '../../limits/rate-limit'
import { shareRates, type SharedLimits, type Spent } from './rate-sharing'

/** Workers with a shared clock, whose reports the test triggers. */
function workersOf(count: number, perSecond: number) {
  const clock = { ms: 0 }
  const due: (() => void)[] = []
  const sizes: number[] = []
  const all = Array.from({ length: count }, () => {
    const rates: SharedLimits = {
      user: new RateLimit(perSecond, () => clock.ms),
      address: new RateLimit(perSecond, () => clock.ms),
      cpu: new CpuBudget(perSecond, () => clock.ms),
    }
    const told: ((spent: Spent) => void)[] = []
    const take = shareRates(rates, {
      tell: (spent) => {
        sizes.push(spent.length)
        for (const other of told) other(spent)
        return Promise.resolve()
      },
      later: (work) => due.push(work),
    })
    return { rates, told, take }
  })
  for (const one of all) {
    for (const other of all) if (other !== one) one.told.push(other.take)
  }
  return {
    clock,
    sizes,
    due,
    report: async () => {
      for (const work of due.splice(0)) work()
      await setImmediate()
    },
    /** How many of `count` requests a worker lets through. */
    ask: (worker: number, requests: number, key = 'bob', rate: 'user' | 'address' = 'user') => {
      let passed = 0
      for (let i = 0; i < requests; i++) {
        try {
          all[worker]?.rates[rate].take(key)
          passed++
        } catch (error) {
          assert.ok(error instanceof RateLimited)
        }
      }
      return passed
    },
    cpu: (worker: number) => {
      const limits = all[worker]?.rates
      assert.ok(limits !== undefined)
      return limits.cpu
    },
  }
}

test('requests that one worker let through count at the others', async () => {
  const { ask, report } = workersOf(3, 10)
  assert.equal(ask(0, 7), 7)
  await report()
  assert.equal(ask(1, 10), 3)
  await report()
  assert.deepEqual([ask(0, 10), ask(1, 10), ask(2, 10)], [0, 0, 0])
})

test('users, addresses, and different users are counted separately', async () => {
  const { ask, report } = workersOf(2, 10)
  ask(0, 10)
  await report()
  assert.equal(ask(1, 10, 'bob', 'address'), 10)
  assert.equal(ask(1, 10, 'alice'), 10)
})

test('a user’s work on one worker is charged to their budget on the others', async () => {
  const { cpu, report } = workersOf(3, 500)
  cpu(0).spend('bob', 6_000)
  cpu(1).spend('bob', 6_000)
  cpu(2).check('bob')
  await report()
  for (const worker of [0, 1, 2])
    assert.throws(() => {
      cpu(worker).check('bob')
    }, CpuBudgetExceeded)
  cpu(2).check('alice')
})

test('refunds are reported, too', async () => {
  const { cpu, report } = workersOf(2, 500)
  cpu(0).spend('bob', 12_000)
  await report()
  assert.throws(() => {
    cpu(1).check('bob')
  }, CpuBudgetExceeded)
  cpu(0).spend('bob', -5_000)
  await report()
  cpu(1).check('bob')
})

test('excess requests before a report are made up for later', async () => {
  const { ask, report, clock } = workersOf(2, 10)
  assert.deepEqual([ask(0, 10), ask(1, 10)], [10, 10])
  await report()
  clock.ms = 1_000
  assert.deepEqual([ask(0, 10), ask(1, 10)], [0, 0])
  clock.ms = 1_500
  assert.equal(ask(0, 10), 5)
})

test('in the long run, all workers together let through as much as one would', async () => {
  const { ask, report, clock } = workersOf(4, 10)
  let passed = 0
  for (clock.ms = 100; clock.ms <= 60_000; clock.ms += 100) {
    for (const worker of [0, 1, 2, 3]) passed += ask(worker, 5)
    await report()
  }
  // At the start each allows a second's worth, until the first report.
  assert.ok(passed >= 600 && passed <= 600 + 4 * 10, String(passed))
})

test('workers report only after activity, and reports have a bounded length', async () => {
  const { ask, report, due, sizes } = workersOf(2, 1)
  assert.equal(due.length, 0)
  for (let i = 0; i < 30_000; i++) ask(0, 1, `user ${i}`)
  assert.equal(due.length, 1)
  await report()
  assert.deepEqual(sizes, [10_000])
  assert.equal(due.length, 0)
})
