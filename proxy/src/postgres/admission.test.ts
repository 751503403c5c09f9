import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Admission } from './admission'
import { RecentlyStopped } from './recently-stopped'

/** A pool of 20, in which each user in turn has one session more. */
function lend(admission: Admission<object>, users: readonly string[], isProven: boolean): number {
  let inUse = 0
  for (const user of users) {
    const applicant = { user, isProven, tables: ['todos'] }
    if (admission.mayHave(applicant, inUse)) {
      admission.lend({}, applicant)
      inUse++
    }
  }
  return inUse
}

const accounts = Array.from({ length: 30 }, (_, i) => `mallory ${i}`)

test('statements that are not known to be short have a quarter of the sessions', () => {
  const admission = new Admission(20)
  assert.equal(lend(admission, accounts, false), 5)
  assert.equal(admission.mayHave({ user: 'alice', isProven: true }, 5), true)
})

test('one user has half of that quarter', () => {
  const admission = new Admission(20)
  assert.equal(lend(admission, Array<string>(30).fill('bob'), false), 3)
  assert.equal(admission.mayHave({ user: 'alice', isProven: false }, 3), true)
})

test('statements on one table have three quarters of the sessions', () => {
  const admission = new Admission(20)
  assert.equal(lend(admission, accounts, true), 15)
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
  const applicant = { user: 'bob', isProven: false }
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
