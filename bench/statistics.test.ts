import assert from 'node:assert/strict'
import { test } from 'node:test'
import { added, median, percentiles, quantile, ratios, slope, spread } from './statistics'

test('a spread is the median between the least and the most, in whatever order they came', () => {
  assert.deepEqual(spread([3, 1, 2]), { median: 2, min: 1, max: 3 })
})

test('a quantile of nothing is not a number, rather than zero', () => {
  assert.ok(Number.isNaN(median([])))
})

test('the 99th percentile of a hundred values is the greatest', () => {
  const values = Array.from({ length: 100 }, (_, i) => i + 1)
  assert.equal(quantile(values, 0.99), 100)
})

test('ratios are taken round by round, so that a slow round does not count against one side', () => {
  assert.deepEqual(ratios([10, 5, 10], [20, 10, 20]), { median: 0.5, min: 0.5, max: 0.5 })
})

test('a single hiccup does not decide the 99th percentile', () => {
  const samples = Array.from({ length: 700 }, (_, i) => (i === 350 ? 1000 : 1))
  assert.deepEqual(percentiles(samples), { p50: 1, p99: 1 })
})

test('what one thing takes longer than another is the difference of their percentiles', () => {
  const less = Array.from({ length: 70 }, () => 2)
  const more = Array.from({ length: 70 }, () => 5)
  assert.deepEqual(added(less, more), { p50: 3, p99: 3 })
})

test('a slope is what a straight line grows by, and zero where nothing grows', () => {
  const line = [0, 1, 2, 3].map((x) => ({ x, y: 10 + 2 * x }))
  assert.equal(slope(line), 2)
  assert.equal(slope(line.map(({ x }) => ({ x, y: 7 }))), 0)
})
