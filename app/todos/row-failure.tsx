'use client'

import { CircleAlertIcon } from 'lucide-react'
import { Button } from '@/app/components/ui/button'
import type { Change } from './change'
import { failureMessage, isWorthRetrying } from './messages'
import type { FailedEntry } from './outbox/entry'
import { useTodoStore } from './todos-provider'

type Props = {
  entry: FailedEntry
  listId: string | null
  /** Opens the editor with the text that was not saved; null where there is none. */
  onEdit: ((text: string) => void) | null
}

/** A change that was not saved: what, why, and what the user can do about it. Nothing is lost meanwhile. */
export function RowFailure({ entry, listId, onEdit }: Props) {
  const { outbox } = useTodoStore()
  const { id, change, problem, about } = entry
  const retry = (changed?: Change) => () => {
    outbox.retry(id, changed)
  }
  return (
    <div data-slot="failure" className="flex gap-3 px-4 pb-1 text-sm sm:px-5">
      <CircleAlertIcon aria-hidden className="size-[1.375rem] shrink-0 text-destructive" />
      <div className="min-w-0 flex-1">
        <p className="wrap-anywhere">{failureMessage({ change, problem, about })}</p>
        <div className="-ml-3 flex flex-wrap">
          {isWorthRetrying(problem) && <Action onClick={retry()}>Retry</Action>}
          {change.type === 'rename' && problem === 'gone' && (
            <Action onClick={retry(asNewTodo(change.task, listId))}>Add it as a new todo</Action>
          )}
          {onEdit && 'task' in change && (
            <Action
              onClick={() => {
                onEdit(change.task)
              }}
            >
              Edit
            </Action>
          )}
          <Action
            onClick={() => {
              outbox.discard(id)
            }}
          >
            Discard
          </Action>
        </div>
      </div>
    </div>
  )
}

function asNewTodo(task: string, listId: string | null): Change {
  return { type: 'add', id: crypto.randomUUID(), listId, task }
}

function Action({ children, onClick }: { children: string; onClick: () => void }) {
  return (
    <Button variant="link" className="px-3" onClick={onClick}>
      {children}
    </Button>
  )
}
