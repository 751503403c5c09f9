import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CpuBudget, CpuBudgetExceeded } from './cpu-budget'

/** 500 ms per second: a burst of 10 s and a debt of at most 10 s; at 5 s, running work is ended. */
function budgetOf(msPerSecond = 500) {
  const clock = { ms: 0 }
  const budget = new CpuBudget(msPerSecond, () => clock.ms)
  const waits = (user: string): number => {
    try {
      budget.check(user)
      return 0
    } catch (error) {
      assert.ok(error instanceof CpuBudgetExceeded)
      return error.seconds
    }
  }
  return { clock, budget, waits }
}

test('a burst is available immediately; beyond it a user is told how long to wait', () => {
  const { clock, budget, waits } = budgetOf()
  budget.spend('bob', 10_000)
  assert.equal(waits('bob'), 0)
  budget.spend('bob', 1_500)
  assert.equal(waits('bob'), 3)
  clock.ms = 2_900
  assert.equal(waits('bob'), 1)
  clock.ms = 3_000
  assert.equal(waits('bob'), 0)
})

test('one user’s debt is not another’s', () => {
  const { budget, waits } = budgetOf()
  budget.spend('bob', 20_000)
  assert.ok(waits('bob') > 0)
  assert.equal(waits('alice'), 0)
})

test('a normal app never reaches the default', () => {
  const { clock, budget, waits } = budgetOf()
  // A working day: a page of 20 queries of 5 ms every two seconds, and each hour an import of 6,000 rows
  // that takes 6 s.
  for (let second = 0; second < 8 * 3_600; second += 2) {
    clock.ms = second * 1_000
    assert.equal(waits('alice'), 0)
    budget.spend('alice', 20 * 5)
    if (second % 3_600 === 0) budget.spend('alice', 6_000)
  }
})

test('a debt, and with it the wait, is bounded', () => {
  const { clock, budget, waits } = budgetOf()
  for (let i = 0; i < 100; i++) budget.spend('bob', 15_000)
  assert.equal(waits('bob'), 20)
  clock.ms = 20_000
  assert.equal(waits('bob'), 0)
})

test('running work must end once the debt is half a burst, and not before', () => {
  const { budget } = budgetOf()
  budget.spend('bob', 14_999)
  assert.equal(budget.reasonToEnd('bob'), undefined)
  budget.spend('bob', 1)
  const reason = budget.reasonToEnd('bob')
  assert.equal(reason?.fields.code, '57014')
  assert.equal(reason.status, 429)
  assert.match(reason.fields.hint ?? '', /Wait 10 s/)
})

test('in the long run, no user exceeds their milliseconds per second', () => {
  const { clock, budget, waits } = budgetOf()
  let spent = 0
  for (clock.ms = 0; clock.ms < 600_000; clock.ms += 100) {
    if (waits('bob') > 0) continue
    budget.spend('bob', 1_000)
    spent += 1_000
  }
  assert.ok(spent <= 600 * 500 + 10_000 + 1_000, String(spent))
})

test('zero means no limit, and a flood of users takes bounded memory', () => {
  const { budget, waits } = budgetOf(0)
  budget.spend('bob', 1_000_000)
  assert.equal(waits('bob'), 0)
  assert.equal(budget.reasonToEnd('bob'), undefined)
  assert.equal(budget.size, 0)
  const flooded = budgetOf()
  for (let i = 0; i < 60_000; i++) flooded.budget.spend(`user ${i}`, 1)
  assert.equal(flooded.budget.size, 50_000)
  for (let i = 0; i < 1_000; i++) assert.equal(flooded.waits(`stranger ${i}`), 0)
  assert.equal(flooded.budget.size, 50_000)
})
