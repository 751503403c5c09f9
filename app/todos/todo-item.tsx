'use client'

import { PencilIcon, Trash2Icon } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/app/components/ui/button'
import { Checkbox } from '@/app/components/ui/checkbox'
import { EditTodo } from './edit-todo'
import type { ShownTodo } from './show-change'
import type { MakeChange } from './use-changes'

export function TodoItem({ todo, makeChange }: { todo: ShownTodo; makeChange: MakeChange }) {
  const { id, task, isComplete, isPending = false } = todo
  const [edit, setEdit] = useState<{ text: string; autoFocus: boolean } | null>(null)
  function openEditor() {
    setEdit({ text: task, autoFocus: true })
  }

  async function save(text: string) {
    setEdit(null)
    const newTask = text.trim()
    if (newTask === task) return
    if (newTask === '') return void makeChange({ type: 'delete', id })
    const isSaved = await makeChange({ type: 'rename', id, task: newTask })
    // If the focus is elsewhere by now, it stays there.
    if (!isSaved) setEdit({ text, autoFocus: false })
  }

  return (
    <li className="flex min-h-14 items-center gap-3 px-4 py-1.5 sm:px-5">
      <Checkbox
        aria-label={task}
        checked={isComplete}
        disabled={isPending}
        onCheckedChange={(checked) =>
          void makeChange({ type: 'complete', id, isComplete: checked === true })
        }
        data-control="complete"
      />
      {edit ? (
        <EditTodo
          {...edit}
          onSave={(text) => void save(text)}
          onCancel={() => {
            setEdit(null)
          }}
        />
      ) : (
        <>
          <span
            data-complete={isComplete}
            data-pending={isPending}
            className="min-w-0 flex-1 py-2 wrap-anywhere transition-colors data-[complete=true]:text-muted-foreground data-[complete=true]:line-through data-[pending=true]:text-muted-foreground"
            onDoubleClick={isPending ? undefined : openEditor}
          >
            {task}
          </span>
          <div className="-mr-2 flex">
            <Button
              variant="ghost"
              size="icon"
              aria-label={`Edit ${task}`}
              disabled={isPending}
              onClick={openEditor}
              data-control="edit"
            >
              <PencilIcon aria-hidden />
            </Button>
            <Button
              variant="ghost"
              size="icon"
              className="hover:text-destructive"
              aria-label={`Delete ${task}`}
              disabled={isPending}
              onClick={() => void makeChange({ type: 'delete', id })}
              data-control="delete"
            >
              <Trash2Icon aria-hidden />
            </Button>
          </div>
        </>
      )}
    </li>
  )
}
