import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wantsEvents } from './accept'

test('only a client that names the type of events gets them', () => {
  for (const accept of [
    undefined,
    '',
    '*/*',
    'text/*',
    'application/json',
    'text/event-streams',
    'text/event-stream;q=0',
    'text/event-stream;q=0.5, application/json',
    'application/json;x="text/event-stream"',
  ]) {
    assert.equal(wantsEvents(accept), false, accept)
  }
  for (const accept of [
    'text/event-stream',
    'Text/Event-Stream',
    'text/event-stream; charset=utf-8',
    'application/json;q=0.9, text/event-stream',
    '*/*, text/event-stream;q=0.1',
  ]) {
    assert.equal(wantsEvents(accept), true, accept)
  }
})
