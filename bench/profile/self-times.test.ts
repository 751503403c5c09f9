import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partOf } from './parts'
import { readProfile } from './self-times'

const BUNDLE = [
  '// proxy/src/handle.ts',
  'function sql() {}',
  '// node_modules/jose/dist/key.js',
  '',
].join('\n')

const node = (id: number, functionName: string, url = '', lineNumber = 0) => ({
  id,
  callFrame: { functionName, url, lineNumber },
})

const written = (samples: readonly number[]) =>
  JSON.stringify({
    nodes: [
      node(1, '(idle)'),
      node(2, 'sql', 'file:///bundle.mjs', 1),
      node(3, 'importKey', 'file:///bundle.mjs', 3),
      node(4, 'end', 'node:_http_outgoing'),
      node(5, '(garbage collector)'),
      node(6, 'writev'),
    ],
    samples,
    timeDeltas: samples.map(() => 250_000),
  })

test('each function has its share of the time in which there was work', () => {
  const { selfTimes, busyShare } = readProfile(written([1, 2, 2, 3]), BUNDLE, 1)
  assert.equal(busyShare, 0.75)
  assert.deepEqual(selfTimes, [
    { functionName: 'sql', source: 'proxy/src/handle.ts', share: 2 / 3 },
    { functionName: 'importKey', source: 'node_modules/jose/dist/key.js', share: 1 / 3 },
  ])
})

test('only the last seconds count', () => {
  const { selfTimes } = readProfile(written([3, 3, 3, 2, 2]), BUNDLE, 0.5)
  assert.deepEqual(
    selfTimes.map(({ functionName }) => functionName),
    ['sql'],
  )
})

test('every source belongs to a part', () => {
  const { selfTimes } = readProfile(written([2, 2, 2, 2, 3, 3, 3, 4, 4, 5]), BUNDLE, 3)
  assert.deepEqual(
    selfTimes.map(({ source }) => partOf(source)),
    ['the rest of the proxy', 'the token and the identity', 'Node: HTTP', 'V8: garbage collection'],
  )
})
