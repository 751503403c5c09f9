'use client'

import { Button } from '@/app/components/ui/button'
import { lastPosition, positionsBetween } from '@/app/todos/reorder/position'
import { isTask, tooLong } from '@/app/todos/task'
import type { WholeTodo } from '@/db/queries/todos'
import type { PastedTodo } from './lines'

type Props = {
  lines: readonly PastedTodo[]
  /** Of the todos that are made of them. */
  listId: string | null
  dueOn: string | null
  onAdd: (todos: WholeTodo[]) => void
  onAsOne: () => void
  onCancel: () => void
}

/** So many go into one change. */
const MAX_LINES = 500

/** What to make of several pasted lines. The text in the field is as it was before. */
export function PasteOffer({ lines, listId, dueOn, onAdd, onAsOne, onCancel }: Props) {
  const problem = problemOf(lines)

  function add() {
    const positions = positionsBetween([lastPosition()], [], lines.length)
    onAdd(
      lines.map((line, index) => ({
        ...line,
        id: crypto.randomUUID(),
        listId,
        notes: '',
        dueOn,
        dueTime: null,
        position: positions[index] ?? lastPosition(),
      })),
    )
  }

  return (
    <div
      role="group"
      aria-label="Pasted lines"
      className="grid w-full gap-3 rounded-lg border bg-muted/50 p-3 text-sm"
      onKeyDown={({ key }) => {
        if (key === 'Escape') onCancel()
      }}
    >
      <p role="status">You pasted {lines.length.toLocaleString('en')} lines.</p>
      <ul role="list" className="grid gap-1 text-muted-foreground">
        {lines.slice(0, 5).map(({ task, isComplete }, index) => (
          <li key={index} dir="auto" className="truncate">
            <span aria-hidden>{isComplete ? '☑' : '☐'} </span>
            {isComplete && <span className="sr-only">Complete: </span>}
            {task}
          </li>
        ))}
        {lines.length > 5 && <li>and {(lines.length - 5).toLocaleString('en')} more</li>}
      </ul>
      {problem && (
        <p role="alert" className="text-destructive">
          {problem}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button autoFocus={!problem} disabled={problem !== null} onClick={add}>
          Add {lines.length.toLocaleString('en')} todos
        </Button>
        <Button variant="outline" onClick={onAsOne}>
          As one
        </Button>
        <Button variant="ghost" autoFocus={problem !== null} onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </div>
  )
}

function problemOf(lines: readonly PastedTodo[]): string | null {
  if (lines.length > MAX_LINES) {
    return `Up to ${MAX_LINES} lines can be pasted at once. Save more of them as a text file, and import that.`
  }
  const long = lines.findIndex(({ task }) => !isTask(task))
  return long === -1 ? null : `Line ${long + 1} is too long. ${tooLong}`
}
