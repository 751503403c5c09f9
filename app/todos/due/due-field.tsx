'use client'

import { CalendarIcon } from 'lucide-react'
import { useId, useState, type KeyboardEvent } from 'react'
import { Button } from '@/app/components/ui/button'
import { Input } from '@/app/components/ui/input'
import { later } from '@/lib/later'
import { describeDue, fullDay, type Due } from './due'
import { loadParser } from './load-parser'
import { useLocalNow } from './use-local-now'

const DuePicker = later(
  () => import('./due-picker').then((part) => part.default),
  <div className="h-80" />,
)

type Props = { due: Due | null; onChange: (due: Due | null) => void }

/** A due date in words, or from a calendar. Words that are not a date stay in the field, with a hint. */
export function DueField({ due, onChange }: Props) {
  const now = useLocalNow()
  const current = due ? describeDue(due, now) : ''
  const [text, setText] = useState<string | null>(null)
  const [problem, setProblem] = useState('')
  const [isPicking, setIsPicking] = useState(false)
  const id = useId()

  function choose(next: Due | null) {
    setText(null)
    setProblem('')
    onChange(next)
  }

  async function read() {
    if (text === null || text.trim() === current) {
      setText(null)
      return
    }
    if (text.trim() === '') {
      choose(null)
      return
    }
    try {
      const parsed = (await loadParser()).parseDue(text)
      if (parsed) choose(parsed)
      else setProblem('That is no date. Try “tomorrow”, “fri 9am”, “in 3 days” or “Dec 24”.')
    } catch {
      setProblem(
        'Dates in words could not be loaded. Pick a day, or try again when you are online.',
      )
    }
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
    event.preventDefault()
    void read()
  }

  return (
    <div className="grid gap-2">
      <label htmlFor={id} className="text-sm font-medium">
        Due
      </label>
      <div className="flex gap-2">
        <Input
          id={id}
          value={text ?? current}
          placeholder="tomorrow, fri 9am, Dec 24"
          autoComplete="off"
          enterKeyHint="done"
          aria-invalid={problem !== ''}
          aria-describedby={`${id}-hint`}
          onChange={({ target }) => {
            setText(target.value)
            setProblem('')
          }}
          onBlur={() => void read()}
          onKeyDown={onKeyDown}
        />
        <Button
          variant="outline"
          size="icon"
          aria-label="Pick a day"
          aria-expanded={isPicking}
          onClick={() => {
            setIsPicking(!isPicking)
          }}
        >
          <CalendarIcon aria-hidden />
        </Button>
        {due && (
          <Button
            variant="ghost"
            onClick={() => {
              choose(null)
            }}
          >
            Clear
          </Button>
        )}
      </div>
      <p
        id={`${id}-hint`}
        role="status"
        className={problem ? 'text-sm text-destructive' : 'text-sm text-muted-foreground'}
      >
        {problem || (due ? fullDay(due.day) : 'Not due on any day.')}
      </p>
      {isPicking && <DuePicker due={due} onChange={choose} />}
    </div>
  )
}
