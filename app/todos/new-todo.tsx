'use client'

import { useEffect, useId, useRef, useState, type SubmitEvent } from 'react'
import { Button } from '@/app/components/ui/button'
import { Input } from '@/app/components/ui/input'
import { readDraft, writeDraft } from './draft'
import { isTask, tooLong } from './task'
import { useTodoStore } from './todos-provider'
import type { Act } from './use-act'

type Props = {
  listId: string | null
  act: Act
  /** The page's own address, for the form. */
  here: string
  /** Adds the todo without JavaScript, or before it has loaded. */
  formAction: ((form: FormData) => Promise<void>) | undefined
}

export function NewTodo({ listId, act, here, formAction }: Props) {
  const { userId } = useTodoStore()
  const field = useRef<HTMLInputElement>(null)
  const [isTooLong, setIsTooLong] = useState(false)
  const message = useId()

  useEffect(() => {
    // Uncontrolled, so that text typed before hydration is kept.
    if (field.current?.value === '') field.current.value = readDraft(userId)
  }, [userId])

  function submit(event: SubmitEvent) {
    event.preventDefault()
    const input = field.current
    const task = input?.value.trim() ?? ''
    if (!input || task === '') return
    setIsTooLong(!isTask(task))
    if (!isTask(task)) return
    act({ type: 'add', id: crypto.randomUUID(), listId, task })
    input.value = ''
    writeDraft(userId, '')
  }

  return (
    <form
      action={formAction}
      onSubmit={submit}
      className="flex min-w-0 flex-1 flex-wrap items-center gap-2"
    >
      <input type="hidden" name="listId" value={listId ?? ''} />
      <input type="hidden" name="here" value={here} />
      <Input
        ref={field}
        name="task"
        aria-label="New todo"
        aria-invalid={isTooLong}
        aria-describedby={isTooLong ? message : undefined}
        dir="auto"
        placeholder="What needs to be done?"
        autoComplete="off"
        enterKeyHint="done"
        className="flex-1"
        onChange={({ target }) => {
          writeDraft(userId, target.value)
        }}
        data-fallback-focus
      />
      <Button type="submit" size="lg">
        Add
      </Button>
      {isTooLong && (
        <p id={message} role="alert" className="w-full text-sm text-destructive">
          {tooLong}
        </p>
      )}
    </form>
  )
}
