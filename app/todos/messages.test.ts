import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failureMessage, remedy } from './messages'

const add = { type: 'add', task: 'Buy milk' } as const
const rename = { type: 'rename', id: 'milk', task: 'Buy oat milk' } as const
const remove = { type: 'delete', id: 'milk' } as const

test('a message says what failed, why, and what to do', () => {
  assert.equal(
    failureMessage({ change: add, problem: 'unreachable', task: '' }),
    '“Buy milk” was not added. The database could not be reached. Check your connection and try again.',
  )
})

test('a message about a todo names it', () => {
  assert.match(failureMessage({ change: remove, problem: 'gone', task: 'Buy milk' }), /“Buy milk”/)
})

test('a new name for a deleted todo can become a new todo', () => {
  const offer = remedy({ change: rename, problem: 'gone', task: 'Buy milk' })
  assert.deepEqual(offer?.change, { type: 'add', task: 'Buy oat milk' })
})

test('a failure for a temporary reason can be retried', () => {
  assert.equal(remedy({ change: remove, problem: 'busy', task: 'Buy milk' })?.change, remove)
  assert.equal(remedy({ change: remove, problem: 'refused', task: 'Buy milk' }), null)
})

test('text that is still in its box has no button to send it again', () => {
  assert.equal(remedy({ change: add, problem: 'busy', task: '' }), null)
})

test('a user whose list is full reads how many todos fit, and what to do', () => {
  assert.equal(
    failureMessage({ change: add, problem: 'full', task: '' }),
    '“Buy milk” was not added. You have 10,000 todos, and that is the most you can have. Delete some, then try again.',
  )
})

test('a change that may have been saved is not reported as a failure', () => {
  assert.equal(
    failureMessage({ change: add, problem: 'unknown-outcome', task: '' }),
    'Your change may have been saved or not. The connection was lost. Look at the list, which has been read again, before you repeat it.',
  )
})

test('a todo that may have been saved has no button to add it again', () => {
  assert.equal(remedy({ change: add, problem: 'unknown-outcome', task: '' }), null)
  assert.equal(remedy({ change: remove, problem: 'unknown-outcome', task: '' })?.change, remove)
})
