/** Which todo is being edited: one at a time, kept over a reload. */
import { useEffect, useMemo, useState } from 'react'
import type { Todo } from '@/db/queries/todos'
import { readEditDraft, writeEditDraft, type EditDraft } from './draft'
import { hasFailed, todoOf } from './outbox/entry'
import { useTodoStore } from './todos-provider'
import type { TodoStore } from './todo-store'
import type { Act } from './use-act'

export type Editing = {
  readonly draft: EditDraft | null
  readonly open: (todo: Todo, text?: string) => void
  readonly save: (todo: Todo, text: string) => void
  readonly cancel: () => void
}

export function useEditing(act: Act): Editing {
  const store = useTodoStore()
  const [draft, setDraft] = useState<EditDraft | null>(null)

  // After hydration: the server's HTML knows nothing of it.
  useEffect(() => {
    // eslint-disable-next-line react-hooks/set-state-in-effect -- what storage holds is not known before
    setDraft(readEditDraft(store.userId))
  }, [store])

  const actions = useMemo(() => {
    const set = (next: EditDraft | null) => {
      writeEditDraft(store.userId, next)
      setDraft(next)
    }
    return {
      open: (todo: Todo, text = todo.task) => {
        set({ id: todo.id, text })
      },
      save: (todo: Todo, text: string) => {
        set(null)
        saveEdit(store, act, todo, text.trim())
      },
      cancel: () => {
        set(null)
      },
    }
  }, [store, act])
  return { draft, ...actions }
}

/** A text that failed before is replaced by the new one; an emptied one deletes the todo. */
function saveEdit({ outbox }: TodoStore, act: Act, todo: Todo, task: string): void {
  const failed = outbox.state().entries.filter(hasFailed)
  const notAdded = failed.find(({ change }) => change.type === 'add' && change.id === todo.id)
  if (notAdded?.change.type === 'add') {
    if (task === '') outbox.discard(notAdded.id)
    else outbox.retry(notAdded.id, { ...notAdded.change, task })
    return
  }
  const notRenamed = failed.find(
    ({ change }) => change.type === 'rename' && todoOf(change) === todo.id,
  )
  if (task === '') act({ type: 'delete', id: todo.id }, todo, `Deleted “${todo.task}”`)
  else if (task !== todo.task) act({ type: 'rename', id: todo.id, task }, todo)
  else if (notRenamed) outbox.discard(notRenamed.id)
}
