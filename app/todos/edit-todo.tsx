'use client'

import { useId, useRef, useState, type KeyboardEvent } from 'react'
import { Input } from '@/app/components/ui/input'
import { useTodoStore } from './todos-provider'
import { writeEditDraft } from './draft'
import { isTask, tooLong } from './task'

type Props = {
  id: string
  text: string
  onSave: (text: string) => void
  onCancel: () => void
}

/** What is typed is kept from the first letter on, over a reload and over the way to sign in again. */
export function EditTodo({ id, text, onSave, onCancel }: Props) {
  const { userId } = useTodoStore()
  const field = useRef<HTMLInputElement>(null)
  const isDone = useRef(false)
  const [isTooLong, setIsTooLong] = useState(false)
  const message = useId()

  /** Enter also removes the focus, which would save again: only the first event counts. */
  function finish(how: () => void) {
    if (isDone.current) return
    isDone.current = true
    how()
  }

  function save() {
    const typed = field.current?.value ?? text
    const isSendable = typed.trim() === '' || isTask(typed.trim())
    setIsTooLong(!isSendable)
    if (!isSendable) return
    finish(() => {
      onSave(typed)
    })
  }

  function cancelOnEscape({ key, nativeEvent }: KeyboardEvent) {
    // While a word is being composed (as in Japanese), Escape belongs to the input method.
    if (key === 'Escape' && !nativeEvent.isComposing) finish(onCancel)
  }

  return (
    <form
      className="flex-1 py-1"
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <Input
        ref={field}
        aria-label="Edit todo"
        aria-invalid={isTooLong}
        aria-describedby={isTooLong ? message : undefined}
        dir="auto"
        defaultValue={text}
        autoFocus
        autoComplete="off"
        enterKeyHint="done"
        onChange={({ target }) => {
          writeEditDraft(userId, { id, text: target.value })
        }}
        onBlur={save}
        onKeyDown={cancelOnEscape}
        data-control="row"
      />
      {isTooLong && (
        <p id={message} role="alert" className="mt-1 text-sm text-destructive">
          {tooLong}
        </p>
      )}
    </form>
  )
}
