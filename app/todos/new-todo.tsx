'use client'

import { useEffect, useRef, type SubmitEvent } from 'react'
import { Button } from '@/app/components/ui/button'
import { Input } from '@/app/components/ui/input'
import { readDraft, writeDraft } from './draft'
import type { MakeChange } from './use-changes'

type Props = {
  userId: string
  makeChange: MakeChange
  /** Adds the todo where there is no JavaScript (yet). */
  formAction: ((form: FormData) => Promise<void>) | undefined
}

export function NewTodo({ userId, makeChange, formAction }: Props) {
  const field = useRef<HTMLInputElement>(null)
  // By user: the next one to sign in in this tab must not find it.
  const draftKey = `new-todo:${userId}`

  useEffect(() => {
    // The field is not controlled, so that what is typed before this runs stays.
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
