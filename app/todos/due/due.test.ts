import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addDays, daysBetween, describeDue, dueOf, isOverdue, localNow, noonOf } from './due'

/** A Monday. */
const now = { day: '2026-11-30', time: '10:30' }
const words = (day: string, time: string | null = null) => describeDue({ day, time }, now)

test('near days are named by words', () => {
  assert.equal(words('2026-11-29'), 'Yesterday')
  assert.equal(words('2026-11-30'), 'Today')
  assert.equal(words('2026-12-01', '09:00'), 'Tomorrow 09:00')
  assert.equal(words('2026-12-04'), 'Fri')
  assert.equal(words('2026-12-06'), 'Sun')
})

test('a day a week away or more is a date, with its year if that is another', () => {
  assert.equal(words('2026-12-07'), 'Dec 7')
  assert.equal(words('2026-11-23'), 'Nov 23')
  assert.equal(words('2027-01-11', '18:00'), 'Jan 11, 2027 18:00')
})

test('where the clock is not known, the date stands for itself', () => {
  assert.equal(describeDue({ day: '2026-11-30', time: '09:00' }, null), 'Nov 30 09:00')
})

test('a day is overdue when it is over, a time when it has passed', () => {
  const overdue = (day: string, time: string | null = null) => isOverdue({ day, time }, now)
  assert.ok(overdue('2026-11-29'))
  assert.ok(overdue('2026-11-29', '23:59'))
  assert.ok(!overdue('2026-11-30'))
  assert.ok(overdue('2026-11-30', '10:29'))
  assert.ok(!overdue('2026-11-30', '10:30'))
  assert.ok(!overdue('2026-12-01', '00:00'))
})

test('the columns of the database become a day and a time to the minute', () => {
  assert.equal(dueOf({ dueOn: null, dueTime: null }), null)
  assert.deepEqual(dueOf({ dueOn: '2026-12-04', dueTime: null }), { day: '2026-12-04', time: null })
  assert.deepEqual(dueOf({ dueOn: '2026-12-04', dueTime: '09:00:00' }), {
    day: '2026-12-04',
    time: '09:00',
  })
})

test('now is what the clock on the wall shows', () => {
  assert.deepEqual(localNow(new Date(2026, 0, 5, 7, 3)), { day: '2026-01-05', time: '07:03' })
})

test('days are counted over months, leap days and changes of the clock', () => {
  assert.equal(daysBetween('2028-02-28', '2028-03-01'), 2)
  assert.equal(addDays('2026-12-31', 1), '2027-01-01')
  assert.equal(addDays('2026-03-29', -1), '2026-03-28')
  assert.equal(noonOf('2026-03-29').getDate(), 29)
})
