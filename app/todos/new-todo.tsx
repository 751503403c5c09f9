'use client'

import { useEffect, useRef, type SubmitEvent } from 'react'
import { Button } from '@/app/components/ui/button'
import { Input } from '@/app/components/ui/input'
import { readDraft, writeDraft } from './draft'
import type { MakeChange } from './use-changes'

type Props = {
  userId: string
  makeChange: MakeChange
  /** Adds the todo without JavaScript, or before it has loaded. */
  formAction: ((form: FormData) => Promise<void>) | undefined
}

export function NewTodo({ userId, makeChange, formAction }: Props) {
  const field = useRef<HTMLInputElement>(null)
  // Keyed by user, because the next user in this tab must not see it.
  const draftKey = `new-todo:${userId}`

  useEffect(() => {
    // Uncontrolled, so that text typed before hydration is kept.
    if (field.current?.value === '') field.current.value = readDraft(draftKey)
  }, [draftKey])

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const input = field.current
    const text = input?.value ?? ''
    if (!input || text.trim() === '') return
    input.value = ''
    const isAdded = await makeChange({ type: 'add', task: text.trim() })
    if (!isAdded && input.value === '') input.value = text
    writeDraft(draftKey, input.value)
  }

  return (
    <form
      action={formAction}
      onSubmit={(event) => void submit(event)}
      className="flex flex-1 items-center gap-2"
    >
      <Input
        ref={field}
        name="task"
        aria-label="New todo"
        placeholder="What needs to be done?"
        autoComplete="off"
        enterKeyHint="done"
        onChange={({ target }) => {
          writeDraft(draftKey, target.value)
        }}
        data-fallback-focus
      />
      <Button type="submit" size="lg">
        Add
      </Button>
    </form>
  )
}
