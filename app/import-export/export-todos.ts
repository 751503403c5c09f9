/** Exports all of a user's todos: page after page, so that no request is large, into one file. */
import type { Problem, Result } from '@/lib/problem'
import { mediaTypes, writers, type ExportedTodo, type Format } from './write-file'

type Page<Cursor> = { todos: ExportedTodo[]; next: Cursor | null }

type Options<Cursor> = {
  loadPage: (after: Cursor | null) => Promise<Result<Page<Cursor>>>
  onProgress: (done: number) => void
  signal: AbortSignal
}

type Exported = { ok: true; file: Blob; count: number } | { ok: false; problem: Problem | null }

/** @returns the whole file or none: half an export looks like a backup and is not. No problem if it was cancelled */
export async function exportTodos<Cursor>(
  format: Format,
  { loadPage, onProgress, signal }: Options<Cursor>,
): Promise<Exported> {
  const { begin, page, end } = writers[format]
  const parts = [begin]
  let count = 0
  let after: Cursor | null = null
  do {
    const loaded: Result<Page<Cursor>> = await loadPage(after)
    if (signal.aborted) return { ok: false, problem: null }
    if (!loaded.ok) return loaded
    parts.push(page(loaded.value.todos, count === 0))
    count += loaded.value.todos.length
    after = loaded.value.next
    onProgress(count)
  } while (after !== null)
  parts.push(end)
  return { ok: true, file: new Blob(parts, { type: mediaTypes[format] }), count }
}
