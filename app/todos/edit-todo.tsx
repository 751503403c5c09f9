'use client'

import { useRef, type KeyboardEvent } from 'react'
import { Input } from '@/app/components/ui/input'

type Props = {
  text: string
  autoFocus: boolean
  onSave: (text: string) => void
  onCancel: () => void
}

export function EditTodo({ text, autoFocus, onSave, onCancel }: Props) {
  const field = useRef<HTMLInputElement>(null)
  const isDone = useRef(false)

  /** Enter also removes the focus, which would save again: only the first event counts. */
  function finish(how: () => void) {
    if (isDone.current) return
    isDone.current = true
    how()
  }

  function save() {
    finish(() => {
      onSave(field.current?.value ?? text)
    })
  }

  function cancelOnEscape({ key, nativeEvent }: KeyboardEvent) {
    // While a word is being composed (as in Japanese), Escape belongs to the input method.
    if (key === 'Escape' && !nativeEvent.isComposing) finish(onCancel)
  }

  return (
    <form
      className="flex-1"
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <Input
        ref={field}
        aria-label="Edit todo"
        defaultValue={text}
        autoFocus={autoFocus}
        autoComplete="off"
        enterKeyHint="done"
        onBlur={save}
        onKeyDown={cancelOnEscape}
        data-control="edit"
      />
    </form>
  )
}
