import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failed, succeeded } from '@/lib/problem'
import { exportTodos } from './export-todos'
import { readTodoFile } from './read-file'
import type { ExportedTodo, Format } from './write-file'

const all = Array.from({ length: 2_500 }, (_, index): ExportedTodo => ({
  id: `5f0c954e-8d3c-4d9c-b1a1-${String(index).padStart(12, '0')}`,
  listId: null,
  task: `Todo ${index}`,
  notes: '',
  isComplete: index % 2 === 0,
  dueOn: null,
  dueTime: null,
  list: 'My todos',
  insertedAt: '2026-11-30 10:00:00+00',
}))

const pageAt = (after: number | null) => {
  const from = after ?? 0
  const next = from + 1_000
  return Promise.resolve(
    succeeded({ todos: all.slice(from, next), next: next < all.length ? next : null }),
  )
}

type LoadPage = Parameters<typeof exportTodos<number>>[1]['loadPage']

const run = (format: Format, loadPage: LoadPage, cancel = new AbortController()) => {
  const progress: number[] = []
  const done = exportTodos(format, {
    loadPage,
    onProgress: (count) => progress.push(count),
    signal: cancel.signal,
  })
  return { done, progress }
}

for (const format of ['json', 'csv'] as const) {
  test(`every page is in the ${format}, and an import reads all of it`, async () => {
    const { done, progress } = run(format, pageAt)
    const exported = await done
    assert.ok(exported.ok)
    assert.deepEqual(progress, [1_000, 2_000, 2_500])
    const bytes = new Uint8Array(await exported.file.arrayBuffer())
    const todos = readTodoFile(`todos.${format}`, bytes)
    assert.deepEqual(
      todos.map(({ id }) => id),
      all.map(({ id }) => id),
    )
  })
}

test('nobody’s todos make a valid file', async () => {
  const nothing = () => Promise.resolve(succeeded({ todos: [], next: null }))
  const exported = await run('json', nothing).done
  assert.ok(exported.ok)
  assert.deepEqual(JSON.parse(await exported.file.text()), {
    format: 'todos',
    version: 1,
    todos: [],
  })
})

test('a page that cannot be read leaves no half file', async () => {
  const exported = await run('csv', (after) =>
    after === null ? pageAt(after) : Promise.resolve(failed('unreachable')),
  ).done
  assert.deepEqual(exported, { ok: false, problem: 'unreachable' })
})

test('a cancelled export leaves no file', async () => {
  const cancel = new AbortController()
  cancel.abort()
  assert.deepEqual(await run('csv', pageAt, cancel).done, { ok: false, problem: null })
})
