import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findDueAtEnd, parseDue } from './parse-due'

/** A Monday, at half past ten. */
const now = new Date(2026, 10, 30, 10, 30)
const parsed = (text: string) => {
  const due = parseDue(text, now)
  return due && [due.day, due.time].filter(Boolean).join(' ')
}
const found = (text: string) => {
  const result = findDueAtEnd(text, now)
  return result && [result.rest, result.due.day, result.due.time].filter(Boolean).join(' | ')
}

for (const [words, expected] of [
  ['fri 9am', '2026-12-04 09:00'],
  ['by Friday', '2026-12-04'],
  ['tomorrow', '2026-12-01'],
  ['tomorrow morning', '2026-12-01'],
  ['in 3 days', '2026-12-03'],
  ['in 2 hours', '2026-11-30 12:30'],
  ['next month', '2026-12-30'],
  ['8am', '2026-12-01 08:00'],
  ['dec 24', '2026-12-24'],
  ['2026-12-24 18:30', '2026-12-24 18:30'],
  ['yesterday', '2026-11-29'],
] as const) {
  test(`“${words}” is ${expected}`, () => {
    assert.equal(parsed(words), expected)
  })
}

test('a field with more than a date, or another thing, is not a date', () => {
  for (const text of ['', 'soon', 'Call Bob fri', 'fri and sat', 'fri or so', 'feb 30', '7']) {
    assert.equal(parsed(text), null, text)
  }
})

test('a date at the end of a todo is found, with its preposition', () => {
  assert.equal(found('Call Bob fri 9am'), 'Call Bob | 2026-12-04 | 09:00')
  assert.equal(found('Pay the rent by tomorrow '), 'Pay the rent | 2026-12-01')
  assert.equal(found('Standup at 9:15'), 'Standup | 2026-12-01 | 09:15')
  assert.equal(found('Buy 3 things on sat'), 'Buy 3 things | 2026-12-05')
  assert.equal(findDueAtEnd('Pay rent by fri', now)?.words, 'by fri')
})

test('words that only look like a date are left in the todo', () => {
  for (const text of [
    'tomorrow',
    'by friday',
    'Call Bob friday, or Ann',
    'Ask May',
    'Report Jan 2028',
    'Lot 12/24',
    'Version 1.2',
    'Buy milk 2',
    'Write about yesterday',
    'Room 101',
    '',
  ]) {
    assert.equal(found(text), null, text)
  }
})

for (const text of [
  'Call Grandma about Sunday',
  'Read the Sunday paper',
  'Get ready for Sunday',
  'Enjoy the sun',
  'Get some sun',
  'Buy a book called Friday',
  'Water the plants every Friday',
  'Clean up after Saturday',
  'Think of tomorrow',
  'Choose Friday or Saturday',
  'Move the meeting from Monday',
  'Move the meeting from Monday to Friday',
  'Set an alarm for 7am',
  'Compare Friday and Saturday',
  'Watch out for Black Friday',
  'Easter Monday',
  'Plan Saturday',
  'Cancel friday',
  'Write to “Friday',
  'Listen to Ruby Tuesday',
  'Decide between today and tomorrow',
]) {
  test(`“${text}” is left as it is: without its date it would say something else`, () => {
    assert.equal(found(text), null)
  })
}

for (const [text, expected] of [
  ['Call Grandma on Sunday', 'Call Grandma | 2026-12-06'],
  ['Call Grandma about the party on Sunday', 'Call Grandma about the party | 2026-12-06'],
  ['Dentist friday', 'Dentist | 2026-12-04'],
  ['Plan the trip saturday', 'Plan the trip | 2026-12-05'],
  ['Buy presents before Dec 24', 'Buy presents | 2026-12-24'],
  ['Log in today', 'Log in | 2026-11-30'],
  ['Call her tomorrow', 'Call her | 2026-12-01'],
  ['Dentist, friday', 'Dentist | 2026-12-04'],
  ['Dentist - friday', 'Dentist | 2026-12-04'],
  ['Turn the heating off tonight', 'Turn the heating off | 2026-11-30'],
] as const) {
  test(`“${text}” is due: ${expected}`, () => {
    assert.equal(found(text), expected)
  })
}
