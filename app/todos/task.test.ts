import assert from 'node:assert/strict'
import { test } from 'node:test'
import { todosQuota } from '@/db/schema'
import { TASK_MAX_LENGTH } from '@/db/queries/todos'
import { isTask, maxTaskLength, maxTodos } from './task'

test('the form and the database agree on the longest task', () => {
  assert.equal(maxTaskLength, TASK_MAX_LENGTH)
})

test('the message and the database agree on how many todos a user may have', () => {
  assert.equal(maxTodos, todosQuota.maxRows)
})

test('a task has 1 to 500 characters, and an emoji is one', () => {
  assert.ok(isTask('a'))
  assert.ok(isTask('🥛'.repeat(500)))
  assert.ok(!isTask(''))
  assert.ok(!isTask('a'.repeat(501)))
})

test('a task does not begin or end with a space', () => {
  assert.ok(!isTask(' milk'))
  assert.ok(!isTask('milk\n'))
})
