import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Cancellation } from '../cancellation'
import { CpuBudget, CpuBudgetExceeded } from './cpu-budget'
import { StatementMeters } from './statement-meter'

/** 500 ms per second with a stopped clock, so nothing is refilled. */
function metersOf() {
  const clock = { ms: 0 }
  const charged: number[] = []
  const budget = new CpuBudget(500, () => 0)
  budget.onTake = (_user, ms) => charged.push(ms)
  let work: (() => void) | undefined
  const meters = new StatementMeters(budget, {
    longestMs: 30_000,
    now: () => clock.ms,
    every: (_ms, tick) => {
      work = tick
      return () => (work = undefined)
    },
  })
  return {
    clock,
    meters,
    budget,
    sum: () => charged.reduce((sum, ms) => sum + ms, 0),
    tickAt: (ms: number) => {
      clock.ms = ms
      work?.()
    },
    isTicking: () => work !== undefined,
  }
}

test('a statement costs the time that Postgres spent on it, however often it was charged', () => {
  const { meters, tickAt, sum, isTicking } = metersOf()
  const meter = meters.start('bob', new Cancellation())
  for (const ms of [250, 500, 750]) tickAt(ms)
  assert.equal(sum(), 750)
  meter.landed(900)
  meter.release(false)
  assert.equal(sum(), 900)
  tickAt(1_000)
  assert.equal(sum(), 900)
  assert.equal(isTicking(), false)
})

test('a pipelined statement gets a refund for the time that it waited', () => {
  const { meters, tickAt, sum } = metersOf()
  const meter = meters.start('bob', new Cancellation())
  tickAt(250)
  meter.landed(10)
  assert.equal(sum(), 10)
})

test('a user in debt gets no further statement, and is told so while one still runs', () => {
  const { meters, tickAt } = metersOf()
  meters.start('bob', new Cancellation())
  tickAt(10_000)
  meters.budget.check('bob')
  tickAt(10_250)
  assert.throws(() => {
    meters.budget.check('bob')
  }, CpuBudgetExceeded)
  meters.budget.check('alice')
})

test('the statements of a user with too much debt are ended, and no other user’s', () => {
  const { meters, tickAt } = metersOf()
  const bobs = Array.from({ length: 10 }, () => new Cancellation())
  const alices = new Cancellation()
  for (const cancellation of bobs) meters.start('bob', cancellation)
  meters.start('alice', alices)
  tickAt(1_250)
  assert.ok(bobs.every(({ reason }) => reason === undefined))
  tickAt(1_500)
  tickAt(1_750)
  assert.ok(bobs.every(({ reason }) => reason instanceof CpuBudgetExceeded))
  assert.equal(alices.reason, undefined)
})

test('half of the time in which Postgres waits for a slow client is charged', () => {
  const { clock, meters, tickAt, sum } = metersOf()
  const meter = meters.start('bob', new Cancellation())
  clock.ms = 100
  meter.pause()
  tickAt(2_100)
  assert.equal(sum(), 1_100)
  clock.ms = 4_100
  meter.resume()
  clock.ms = 4_200
  meter.landed(4_200)
  assert.equal(sum(), 2_200)
})

test('an abandoned statement is charged until it has landed', () => {
  const { meters, tickAt, sum, isTicking } = metersOf()
  const meter = meters.start('bob', new Cancellation())
  tickAt(250)
  meter.release(true)
  tickAt(5_000)
  assert.equal(sum(), 5_000)
  meter.landed(5_100)
  tickAt(6_000)
  assert.equal(sum(), 5_100)
  assert.equal(isTicking(), false)
})

test('a statement that never lands is dropped', () => {
  const { meters, tickAt, isTicking } = metersOf()
  meters.start('bob', new Cancellation()).release(true)
  for (let ms = 0; ms <= 31_000; ms += 250) tickAt(ms)
  assert.equal(meters.size, 0)
  assert.equal(isTicking(), false)
})

test('without a limit nothing is measured', () => {
  const meters = new StatementMeters(new CpuBudget(0), { longestMs: 1 })
  meters.start('bob', new Cancellation()).landed(100_000)
  assert.equal(meters.size, 0)
  meters.budget.check('bob')
})
