import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failureMessage, isWorthRetrying } from './messages'

const add = { type: 'add', id: 'milk', listId: null, task: 'Buy milk' } as const
const remove = { type: 'delete', id: 'milk' } as const

test('a message says what failed, why, and what to do', () => {
  assert.equal(
    failureMessage({ change: add, problem: 'unreachable', about: '' }),
    '“Buy milk” was not added. The database could not be reached. Check your connection and try again.',
  )
})

test('a message about a todo names it', () => {
  assert.match(failureMessage({ change: remove, problem: 'busy', about: 'Buy milk' }), /“Buy milk”/)
})

test('what is gone or invalid is not worth another try', () => {
  assert.ok(isWorthRetrying('unreachable'))
  assert.ok(!isWorthRetrying('gone'))
  assert.ok(!isWorthRetrying('invalid-task'))
})

test('a user whose list is full reads how many todos fit, and what to do', () => {
  assert.equal(
    failureMessage({ change: add, problem: 'full', about: '' }),
    '“Buy milk” was not added. You have 10,000 todos, and that is the most you can have. Delete some, then try again.',
  )
})

test('a change that may have been saved is not reported as a failure', () => {
  assert.equal(
    failureMessage({ change: add, problem: 'unknown-outcome', about: '' }),
    'Your change may have been saved or not. The connection was lost. Look at the list, which has been read again, before you repeat it.',
  )
})
