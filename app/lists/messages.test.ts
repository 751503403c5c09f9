import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failureMessage } from './messages'

test('a failure says what did not happen, why, and what to do', () => {
  assert.equal(
    failureMessage('leaveList', 'last-owner'),
    'You have not left the list. A list needs an owner. Make another member the owner first, or delete the list.',
  )
  assert.match(
    failureMessage('joinByLink', 'not-invited'),
    /^You have not joined.*Ask .* new one\.$/,
  )
})

test('who lost a right meanwhile is told so, and that the screen is right again', () => {
  for (const problem of ['gone', 'refused'] as const) {
    assert.match(failureMessage('setRole', problem), /may (not|no longer) .*read again\.$/)
  }
})

test('what the database does not take is named by the field that it is about', () => {
  assert.match(failureMessage('renameList', 'invalid-task'), /1 to 100 characters/)
  assert.match(failureMessage('invite', 'invalid-task'), /not an e-mail address/)
})

test('an address that is invited twice is no mystery', () => {
  assert.match(failureMessage('invite', 'gone'), /invited already/)
})
