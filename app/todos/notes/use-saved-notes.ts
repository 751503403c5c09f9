'use client'
/** The notes of a todo whose row is open: a list has only their beginning, which often is all of them. */
import { useQuery } from '@tanstack/react-query'
import { isWhole } from '@/db/queries/notes-start'
import type { Todo } from '@/db/queries/todos'
import { failed, type Problem } from '@/lib/problem'
import { keepNotes, keptNotes } from '../kept-pages'
import type { TodoSource } from '../todo-source'
import { notesKey } from '../todo-store'
import { useTodoSource, useTodoStore } from '../todos-provider'
import { useOutbox } from '../use-todos'

type SavedNotes = {
  /** Null until they are known. */
  notes: string | null
  problem: Problem | null
  retry: () => void
}

export function useSavedNotes({ id, notesStart }: Todo): SavedNotes {
  const store = useTodoStore()
  const source = useTodoSource()
  const { entries } = useOutbox(store)
  const read = useQuery<string, NotesError>(
    {
      queryKey: notesKey(store.userId, id),
      queryFn: () => load(source, store.userId, id),
      enabled: !isWhole(notesStart),
      gcTime: Infinity,
      retry: false,
      networkMode: 'always',
      // The store says when to read again: see refresh() there.
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
    },
    store.client,
  )
  const typed = entries.findLast(
    ({ change, problem }) => change.type === 'note' && change.id === id && problem === null,
  )?.change
  const saved = isWhole(notesStart) ? notesStart : (read.data ?? null)
  return {
    notes: typed?.type === 'note' ? typed.notes : saved,
    problem: read.error?.problem ?? null,
    retry: () => void read.refetch(),
  }
}

class NotesError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem)
    this.problem = problem
  }
}

/** Without a connection, they are what this device saw last. */
async function load(source: TodoSource | null, userId: string, id: string): Promise<string> {
  const result = (await source?.loadNotes(id)) ?? failed('unreachable')
  if (result.ok) {
    void keepNotes(userId, id, result.value)
    return result.value
  }
  const kept = result.problem === 'unreachable' ? await keptNotes(userId, id) : null
  if (kept === null) throw new NotesError(result.problem)
  return kept
}
