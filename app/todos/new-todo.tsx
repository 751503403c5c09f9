'use client'

import {
  useEffect,
  useId,
  useRef,
  useState,
  type ClipboardEvent,
  type KeyboardEvent,
  type SubmitEvent,
} from 'react'
import { Button } from '@/app/components/ui/button'
import { Input } from '@/app/components/ui/input'
import { later } from '@/lib/later'
import { readDraft, writeDraft } from './draft'
import { DueChip } from './due/due-chip'
import { useDueOffer } from './due/use-due-offer'
import { todosFromLines, type PastedTodo } from './paste/lines'
import { isTask, tooLong } from './task'
import { useTodoStore } from './todos-provider'
import type { Act } from './use-act'

const loadPasteOffer = () => import('./paste/paste-offer').then((part) => part.PasteOffer)
const PasteOffer = later(loadPasteOffer)

type Props = {
  listId: string | null
  /** When new todos are due unless they say so themselves: the day of a view that is sorted by days. */
  dueOn: string | null
  act: Act
  /** The page's own address, for the form. */
  here: string
  /** Adds the todo without JavaScript, or before it has loaded. */
  formAction: ((form: FormData) => Promise<void>) | undefined
}

export function NewTodo({ listId, dueOn, act, here, formAction }: Props) {
  const { userId } = useTodoStore()
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const [isTooLong, setIsTooLong] = useState(false)
  const [pasted, setPasted] = useState<readonly PastedTodo[] | null>(null)
  const { offer, refuse } = useDueOffer(text)
  const message = useId()

  useEffect(() => {
    // Uncontrolled, so that text typed before hydration is kept.
    if (field.current?.value === '') field.current.value = readDraft(userId)
    setText(field.current?.value ?? '')
  }, [userId])

  function write(next: string) {
    if (field.current) field.current.value = next
    writeDraft(userId, next)
    setText(next)
  }

  function submit(event: SubmitEvent) {
    event.preventDefault()
    const typed = field.current?.value.trim() ?? ''
    // Only what was on screen counts: a date that was not offered stays in the text.
    const task = offer?.rest ?? typed
    if (task === '') return
    setIsTooLong(!isTask(task))
    if (!isTask(task)) return
    const { day, time } = offer?.due ?? { day: dueOn, time: null }
    const due = day === null ? {} : { due: { dueOn: day, dueTime: time } }
    act({ type: 'add', id: crypto.randomUUID(), listId, task, ...due })
    write('')
  }

  /** Without leaving the field, as the button beside the offer does. */
  function refuseOnEscape(event: KeyboardEvent) {
    if (event.key !== 'Escape' || event.nativeEvent.isComposing || !offer) return
    event.preventDefault()
    refuse()
  }

  function offerLines(event: ClipboardEvent) {
    const lines = todosFromLines(event.clipboardData.getData('text/plain'))
    if (lines.length < 2) return
    event.preventDefault()
    setPasted(lines)
  }

  function closeOffer() {
    setPasted(null)
    field.current?.focus()
  }

  function addAsOne(lines: readonly PastedTodo[]) {
    const input = field.current
    const [start, end] = [input?.selectionStart ?? 0, input?.selectionEnd ?? 0]
    input?.setRangeText(lines.map(({ task }) => task).join(' '), start, end, 'end')
    write(input?.value ?? '')
    closeOffer()
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
          setText(target.value)
        }}
        // By the time that something is pasted, what offers it is there, offline too.
        onFocus={() => void loadPasteOffer().catch(() => undefined)}
        onPaste={offerLines}
        onKeyDown={refuseOnEscape}
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
      {offer && !pasted && <DueChip offer={offer} onRefuse={refuse} />}
      {pasted && (
        <PasteOffer
          lines={pasted}
          listId={listId}
          dueOn={dueOn}
          onAdd={(todos) => {
            act({ type: 'add-many', todos }, null, `Added ${todos.length} todos`)
            closeOffer()
          }}
          onAsOne={() => {
            addAsOne(pasted)
          }}
          onCancel={closeOffer}
        />
      )}
    </form>
  )
}
