'use client'

import { PlusIcon } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useRef, useState, type SubmitEvent } from 'react'
import { Button } from '@/app/components/ui/button'
import { Input } from '@/app/components/ui/input'
import type { Place } from '@/app/shell/place'
import { closeDrawer } from '@/app/shell/close-drawer'
import { FailureNote } from './failure-note'
import { maxListNameLength } from './list-name'
import { useAct } from './use-act'

/** A button that becomes the field for the new list's name; Enter creates it and opens it. */
export function NewList({ place }: { place: Place }) {
  const [isOpen, setIsOpen] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const router = useRouter()
  const { act, isBusy, failure } = useAct(place)

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const name = field.current?.value.trim() ?? ''
    if (name === '' || isBusy) return
    const id = crypto.randomUUID()
    const result = await act('createList', { id, name })
    if (!result.ok) return
    closeDrawer(field.current)
    setIsOpen(false)
    router.push(`/${place}/lists/${id}`)
  }

  function cancel() {
    setIsOpen(false)
    // The button is back only after the next render.
    requestAnimationFrame(() => opener.current?.focus())
  }

  if (!isOpen) {
    return (
      <Button
        ref={opener}
        variant="ghost"
        className="h-11 justify-start gap-3 px-3 font-normal"
        onClick={() => {
          setIsOpen(true)
        }}
      >
        <PlusIcon aria-hidden /> New list
      </Button>
    )
  }
  return (
    <form className="grid gap-2 px-1 py-1" onSubmit={(event) => void submit(event)}>
      <FailureNote failure={failure} />
      <Input
        ref={field}
        autoFocus
        aria-label="Name of the new list"
        placeholder="Name of the list"
        autoComplete="off"
        dir="auto"
        enterKeyHint="done"
        maxLength={maxListNameLength}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || event.nativeEvent.isComposing) return
          // The drawer around it would close, too.
          event.preventDefault()
          cancel()
        }}
      />
      <div className="flex gap-2">
        <Button type="submit" className="flex-1" disabled={isBusy}>
          Create
        </Button>
        <Button variant="outline" onClick={cancel}>
          Cancel
        </Button>
      </div>
    </form>
  )
}
