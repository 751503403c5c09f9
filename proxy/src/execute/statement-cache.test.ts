import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Pace, StatementCache } from './statement-cache'

const after = (...runs: number[]) => {
  const pace = new Pace()
  for (const ms of runs) pace.record(ms)
  return pace
}
const times = (count: number, ms: number) => Array<number>(count).fill(ms)

test('a statement counts as quick after ten quick runs', () => {
  assert.equal(after().isQuick, false)
  assert.equal(after(...times(9, 1)).isQuick, false)
  assert.equal(after(...times(10, 1)).isQuick, true)
})

test('a slow statement never counts as quick', () => {
  assert.equal(after(...times(1_000, 11)).isQuick, false)
})

test('a single slow run is forgiven', () => {
  assert.equal(after(...times(10, 1), 60).isQuick, true)
})

test('after a run of a second, it takes twenty quick ones to count as quick again', () => {
  const shown = [...times(10, 1), 1_000]
  assert.equal(after(...shown, ...times(20, 1)).isQuick, false)
  assert.equal(after(...shown, ...times(30, 1)).isQuick, true)
})

test('what a busy machine made slow becomes quick again', () => {
  assert.equal(after(...times(10, 1), ...times(4, 150), ...times(30, 6)).isQuick, true)
})

test('a prepared statement is shared by all users, but one with constants belongs to its user', () => {
  const memory = new StatementCache()
  const keyOf = (holdsContent: boolean, user: string, sql: string) =>
    // The gate creates such a verdict separately for each user.
    memory.keyOf({ leavesState: false, isRead: true, holdsContent }, 'authenticated', sql, user)
  assert.equal(keyOf(false, 'alice', 'select $1'), keyOf(false, 'bob', 'select $1'))
  assert.equal(keyOf(true, 'alice', 'select 1'), keyOf(true, 'alice', 'select 1'))
  assert.notEqual(keyOf(true, 'alice', 'select 1'), keyOf(true, 'bob', 'select 1'))
  // No user id can produce another user's key.
  assert.notEqual(keyOf(true, 'bob', 'x select 1'), keyOf(true, 'bob x', 'select 1'))
  assert.notEqual(keyOf(false, 'bob', '3 bob select 1'), keyOf(true, 'bob', 'select 1'))
})
