import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import { test } from 'node:test'
import { LineWriter } from './line-writer'

/** The writes so far, and a way to complete the latest one. */
function recorded() {
  const writes: string[] = []
  let done: () => void = () => undefined
  const lines = new LineWriter((text, onDone) => {
    writes.push(text)
    done = onDone
  })
  return {
    writes,
    lines,
    finishWrite: () => {
      done()
    },
  }
}

test('lines of the same turn are one write', async () => {
  const { writes, lines } = recorded()
  lines.add('one\n')
  lines.add('two\n')
  await setImmediate()
  assert.deepEqual(writes, ['one\ntwo\n'])
})

test('no write is longer than PIPE_BUF, and each ends with a whole line', async () => {
  const { writes, lines, finishWrite } = recorded()
  // Limits count bytes: each of these letters has three.
  const line = `${'€'.repeat(100)}\n`
  for (let i = 0; i < 100; i++) lines.add(line)
  await setImmediate()
  while (writes.join('').length < line.length * 100) finishWrite()
  for (const text of writes) {
    assert.ok(Buffer.byteLength(text) <= 4096)
    assert.ok(text.endsWith('\n'))
  }
  assert.equal(writes.join(''), line.repeat(100))
})

test('a write waits for the previous one, and lines are combined meanwhile', async () => {
  const { writes, lines, finishWrite } = recorded()
  lines.add('one\n')
  await setImmediate()
  lines.add('two\n')
  lines.add('three\n')
  await setImmediate()
  assert.deepEqual(writes, ['one\n'])
  finishWrite()
  assert.deepEqual(writes, ['one\n', 'two\nthree\n'])
})

test('a process writes the remaining lines before it ends', () => {
  const { writes, lines } = recorded()
  lines.add('last\n')
  lines.flush()
  assert.deepEqual(writes, ['last\n'])
})
