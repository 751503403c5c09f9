'use client'

import { useId, useRef, useState, type SubmitEvent } from 'react'
import { Button } from '@/app/components/ui/button'
import { Dialog } from '@/app/components/ui/dialog'
import { FailureNote } from './failure-note'
import { useAct } from './use-act'

const maxReasonLength = 500

type Props = { todo: { id: string; task: string }; onClose: () => void }

/** Tells the moderators about a todo of a shared list. They see that todo, and no other of the list. */
export function ReportTodo({ todo, onClose }: Props) {
  const field = useRef<HTMLTextAreaElement>(null)
  const fieldId = useId()
  const { act, isBusy, failure } = useAct()
  const [isReported, setIsReported] = useState(false)

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const reason = field.current?.value.trim() ?? ''
    const result = await act('reportTodo', { id: crypto.randomUUID(), todoId: todo.id, reason })
    if (result.ok) setIsReported(true)
  }

  if (isReported) {
    return (
      <Dialog
        title="The todo is reported"
        description="A moderator will look at it."
        onClose={onClose}
      >
        <Button size="lg" autoFocus className="justify-self-start" onClick={onClose}>
          Done
        </Button>
      </Dialog>
    )
  }
  return (
    <Dialog
      title="Report this todo"
      description="Moderators will see this todo and your reason, and nothing else of the list. The other members are not told."
      onClose={onClose}
    >
      <blockquote dir="auto" className="border-l-2 pl-3 wrap-anywhere">
        {todo.task}
      </blockquote>
      <form className="grid gap-3" onSubmit={(event) => void submit(event)}>
        <FailureNote failure={failure} />
        <label htmlFor={fieldId} className="text-sm font-medium">
          What is wrong with it?
        </label>
        <textarea
          ref={field}
          id={fieldId}
          rows={3}
          maxLength={maxReasonLength}
          dir="auto"
          className="w-full rounded-md border border-input bg-card p-3 text-base"
        />
        <div className="flex flex-wrap gap-2">
          <Button type="submit" size="lg" disabled={isBusy}>
            Report
          </Button>
          <Button variant="outline" size="lg" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
