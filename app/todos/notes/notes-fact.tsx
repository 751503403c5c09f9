'use client'

import { NotebookTextIcon } from 'lucide-react'
import type { Todo } from '@/db/queries/todos'

/** The first line of the notes. */
export function NotesFact({ todo: { notesStart } }: { todo: Todo }) {
  const [line] = notesStart.trimStart().split('\n', 1)
  if (!line) return null
  return (
    <span className="inline-flex max-w-full min-w-0 items-center gap-1">
      <NotebookTextIcon aria-hidden className="size-3.5 shrink-0" />
      <span className="sr-only">Notes:</span>
      <span dir="auto" className="truncate">
        {line}
      </span>
    </span>
  )
}
