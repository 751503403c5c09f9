import assert from 'node:assert/strict'
import { test } from 'node:test'
import { headingOf } from './group-heading'

const day = '2026-11-30'
const headings = (name: 'today' | 'upcoming', days: string[]) =>
  days.map((dueOn, index) =>
    headingOf(
      { name, day },
      { dueOn },
      index === 0 ? undefined : { dueOn: days[index - 1] ?? null },
    ),
  )

test('what is overdue stands apart from what is due today', () => {
  assert.deepEqual(headings('today', ['2026-11-01', '2026-11-29', day, day]), [
    'Overdue',
    null,
    'Today',
    null,
  ])
})

test('each coming day has one heading, with its year if that is another', () => {
  assert.deepEqual(headings('upcoming', ['2026-12-01', '2026-12-01', '2026-12-24', '2027-01-01']), [
    'Tomorrow, Tuesday, December 1',
    null,
    'Thursday, December 24',
    'Friday, January 1, 2027',
  ])
})

test('a list that is sorted by hand has no headings', () => {
  assert.equal(headingOf({ name: 'mine' }, { dueOn: day }, undefined), null)
})
