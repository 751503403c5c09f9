import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Admission, type Applicant } from './admission'
import { RecentlyStopped } from './recently-stopped'

/** Each in turn asks for one session more of a pool of 20. */
function lend(admission: Admission<object>, applicants: readonly Applicant[]): number {
  let inUse = 0
  for (const applicant of applicants) {
    if (!admission.mayHave(applicant, inUse)) continue
    admission.lend({}, applicant)
    inUse++
  }
  return inUse
}

const accounts = (rest: Omit<Applicant, 'user'>): Applicant[] =>
  Array.from({ length: 30 }, (_, i) => ({ ...rest, user: `mallory ${i}` }))

test('users whose statements were cancelled lately have a quarter of the sessions', () => {
  const admission = new Admission(20)
  assert.equal(lend(admission, accounts({ wasStopped: true })), 5)
  assert.equal(admission.mayHave({ user: 'alice', isProven: false }, 5), true)
})

test('one of them has half of that quarter', () => {
  const admission = new Admission(20)
  const bob = Array<Applicant>(30).fill({ user: 'bob', wasStopped: true })
  assert.equal(lend(admission, bob), 3)
  assert.equal(admission.mayHave({ user: 'mallory', wasStopped: true }, 3), true)
})

test('statements that are not known to be short have three quarters, half on one table', () => {
  assert.equal(lend(new Admission(20), accounts({ isProven: false })), 15)
  assert.equal(lend(new Admission(20), accounts({ isProven: false, tables: ['memos'] })), 10)
})

test('statements on one table have three quarters of the sessions', () => {
  const admission = new Admission(20)
  assert.equal(lend(admission, accounts({ isProven: true, tables: ['memos'] })), 15)
  assert.equal(admission.mayHave({ user: 'alice', isProven: true, tables: ['lists'] }, 15), true)
})

test('the last session of a large pool is the proxy’s own', () => {
  const admission = new Admission(20)
  assert.equal(admission.mayHave({ user: 'alice', isProven: true }, 19), false)
  assert.equal(admission.mayHave({ user: undefined, isProven: true }, 19), true)
})

test('a session that is given back counts no more', () => {
  const admission = new Admission(4)
  const sessions = [{}, {}]
  const applicant = { user: 'bob', wasStopped: true }
  for (const one of sessions) admission.lend(one, applicant)
  assert.equal(admission.mayHave(applicant, 2), false)
  for (const one of sessions) admission.end(one)
  assert.equal(admission.mayHave(applicant, 0), true)
})

test('who had a statement cancelled is not taken to be quick for ten seconds', () => {
  let now = 0
  const stopped = new RecentlyStopped(() => now)
  stopped.add('bob')
  assert.equal(stopped.has('bob'), true)
  assert.equal(stopped.has('alice'), false)
  now = 10_000
  assert.equal(stopped.has('bob'), false)
})
