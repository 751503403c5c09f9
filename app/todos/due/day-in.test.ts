import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dayIn } from './day-in'

const late = new Date('2026-11-30T23:30:00Z')

test('a day begins when it does where the visitor is', () => {
  assert.equal(dayIn('Europe/Berlin', late), '2026-12-01')
  assert.equal(dayIn('America/New_York', late), '2026-11-30')
  assert.equal(dayIn(undefined, late), '2026-11-30')
})

test('a cookie that names no time zone is no error', () => {
  for (const zone of ['', 'Mars/Olympus', '<script>', 'x'.repeat(10_000)]) {
    assert.equal(dayIn(zone, late), '2026-11-30', zone.slice(0, 20))
  }
})
