'use client'

import { useId, useRef, useState } from 'react'
import { Button } from '@/app/components/ui/button'
import { Dialog } from '@/app/components/ui/dialog'
import { Textarea } from '@/app/components/ui/textarea'
import { ActDialog } from './act-dialog'
import { useAct } from './use-act'

const maxReasonLength = 500

type Props = { todo: { id: string; task: string }; onClose: () => void }

/** Tells the moderators about a todo of a shared list. They see that todo, and no other of the list. */
export function ReportTodo({ todo, onClose }: Props) {
  const field = useRef<HTMLTextAreaElement>(null)
  const fieldId = useId()
  const { act, isBusy, failure } = useAct()
  const [isReported, setIsReported] = useState(false)

  async function report() {
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
    <ActDialog
      title="Report this todo"
      description="Moderators will see this todo and your reason, and nothing else of the list. The other members are not told."
      action="Report"
      isBusy={isBusy}
      failure={failure}
      onAct={report}
      onClose={onClose}
    >
      <blockquote dir="auto" className="border-l-2 pl-3 wrap-anywhere">
        {todo.task}
      </blockquote>
      <label htmlFor={fieldId} className="text-sm font-medium">
        What is wrong with it?
      </label>
      <Textarea ref={field} id={fieldId} maxLength={maxReasonLength} dir="auto" />
    </ActDialog>
  )
}
