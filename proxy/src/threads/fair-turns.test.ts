import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FairTurns } from './fair-turns'

/** Runs all waiting jobs, one after the other, with the given time for each. */
function serve(turns: FairTurns<string>, ms: (job: string) => number = () => 10): string[] {
  const served: string[] = []
  for (let job = turns.next(); job !== undefined; job = turns.next()) {
    served.push(job)
    turns.end(job.charAt(0), ms(job))
  }
  return served
}

function add(turns: FairTurns<string>, ...jobs: string[]): void {
  for (const job of jobs) turns.add(job.charAt(0), job)
}

test('a later user waits for one job of the other, not for all', () => {
  const turns = new FairTurns<string>(1)
  add(turns, 'b1', 'b2', 'b3', 'b4')
  assert.equal(turns.next(), 'b1')
  add(turns, 'a1')
  turns.end('b', 10)
  assert.deepEqual(serve(turns), ['a1', 'b2', 'b3', 'b4'])
})

test('turns are measured in CPU time: a user with long jobs gets fewer', () => {
  const turns = new FairTurns<string>(1)
  add(turns, 'b1', 'b2', 'b3', 'a1', 'a2', 'a3', 'a4', 'a5')
  const served = serve(turns, (job) => (job.startsWith('b') ? 20 : 10))
  assert.deepEqual(served, ['b1', 'a1', 'a2', 'b2', 'a3', 'a4', 'b3', 'a5'])
})

test('absence earns no credit, and past usage counts while others wait', () => {
  const turns = new FairTurns<string>(1)
  add(turns, 'b1', 'b2', 'b3', 'b4')
  for (let i = 0; i < 3; i++) {
    turns.next()
    turns.end('b', 10)
  }
  add(turns, 'a1', 'a2', 'a3')
  assert.deepEqual(serve(turns).slice(0, 3), ['a1', 'b4', 'a2'])
  add(turns, 'b1', 'c1')
  turns.next()
  turns.end('b', 100)
  add(turns, 'b2', 'c2', 'c3')
  assert.deepEqual(serve(turns), ['c1', 'c2', 'c3', 'b2'])
})

test('a user’s concurrent jobs are limited', () => {
  const turns = new FairTurns<string>(1)
  add(turns, 'b1', 'b2')
  assert.equal(turns.next(), 'b1')
  assert.equal(turns.next(), undefined)
  add(turns, 'a1')
  assert.equal(turns.next(), 'a1')
  turns.end('b', 1)
  assert.equal(turns.next(), 'b2')
})

test('a removed job is not served', () => {
  const turns = new FairTurns<string>(1)
  add(turns, 'b1', 'b2')
  assert.equal(turns.remove('b', 'b1'), true)
  assert.equal(turns.remove('b', 'b1'), false)
  assert.equal(turns.remove('nobody', 'n1'), false)
  assert.deepEqual(serve(turns), ['b2'])
})
