import assert from 'node:assert/strict'
import { test } from 'node:test'
import { batches } from '@/app/todos/batches'
import { failed, succeeded, type Problem } from '@/lib/problem'
import { importTodos } from './import-todos'

const todos = Array.from({ length: 600 }, (_, index) => ({ task: `Todo ${index}`, notes: '' }))

/** A database that answers with these problems first, one a call. */
function setup(problems: Problem[] = [], cancelAfter = Infinity) {
  const stored = new Set<string>()
  const waited: number[] = []
  const progress: number[] = []
  const cancel = new AbortController()
  let calls = 0
  const run = () =>
    importTodos(todos, {
      save: (batch) => {
        if (++calls >= cancelAfter) cancel.abort()
        const problem = problems.shift()
        if (problem && problem !== 'unknown-outcome') return Promise.resolve(failed(problem))
        const added = batch.filter(({ task }) => !stored.has(task))
        for (const { task } of added) stored.add(task)
        return Promise.resolve(problem ? failed(problem) : succeeded(added.length))
      },
      onProgress: (done) => progress.push(done),
      signal: cancel.signal,
      wait: (ms) => {
        waited.push(ms)
        return Promise.resolve()
      },
    })
  return { run, stored, waited, progress, calls: () => calls }
}

test('all todos are added, in batches, and progress is reported', async () => {
  const { run, stored, progress } = setup()
  assert.deepEqual(await run(), { done: 600, added: 600, problem: null })
  assert.equal(stored.size, 600)
  assert.deepEqual(progress, [250, 500, 600])
})

test('a second import adds nothing', async () => {
  const { run } = setup()
  await run()
  assert.deepEqual(await run(), { done: 600, added: 0, problem: null })
})

test('a busy or unreachable database is asked again, later each time', async () => {
  const { run, stored, waited } = setup(['busy', 'unreachable', 'busy'])
  assert.equal((await run()).problem, null)
  assert.deepEqual(waited, [1_000, 2_000, 4_000])
  assert.equal(stored.size, 600)
})

test('a batch that may have been saved is repeated, and its todos are there once', async () => {
  const { run, stored } = setup(['unknown-outcome'])
  assert.deepEqual((await run()).done, 600)
  assert.equal(stored.size, 600)
})

test('a database that stays busy ends the import, and says what is in', async () => {
  const { run, calls } = setup(Array<Problem>(20).fill('busy'))
  assert.deepEqual(await run(), { done: 0, added: 0, problem: 'busy' })
  assert.equal(calls(), 6)
})

test('a list that is full ends the import at once', async () => {
  const { run, waited } = setup(['full'])
  assert.deepEqual(await run(), { done: 0, added: 0, problem: 'full' })
  assert.deepEqual(waited, [])
})

test('a cancelled import stops after the batch that is under way', async () => {
  const { run, stored } = setup([], 2)
  assert.deepEqual(await run(), { done: 500, added: 500, problem: null })
  assert.equal(stored.size, 500)
})

test('batches hold as much as one request may', () => {
  const long = Array.from({ length: 50 }, () => ({ task: 'x', notes: 'y'.repeat(10_000) }))
  const sizes = [...batches(long)].map((batch) => batch.length)
  assert.deepEqual(sizes, [19, 19, 12])
  assert.deepEqual([...batches([])], [])
})
