import assert from 'node:assert/strict'
import { test } from 'node:test'
import { callProblem } from './problem'

const lost = ['Failed to fetch', 'NetworkError when attempting to fetch resource.', 'Load failed']

test('a lost network is “unreachable” in the words of each browser', () => {
  for (const words of lost) assert.equal(callProblem(new TypeError(words)), 'unreachable')
})

test('a call that took too long is “unreachable”', () => {
  assert.equal(callProblem(new DOMException('timed out', 'TimeoutError')), 'unreachable')
})

test('a mistake in the code is not taken for a lost network', () => {
  assert.equal(callProblem(new TypeError('x is not a function')), 'unexpected')
})
