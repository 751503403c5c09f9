'use client'

import { CalendarPlusIcon, XIcon } from 'lucide-react'
import { describeDue } from './due'
import type { FoundDue } from './parse-due'
import { useLocalNow } from './use-local-now'

type Props = { offer: FoundDue; onRefuse: () => void }

/** Says that a new todo will be due, and by which of its words; the button keeps them in its text. */
export function DueChip({ offer, onRefuse }: Props) {
  const words = describeDue(offer.due, useLocalNow())
  return (
    <p
      role="status"
      className="flex items-center gap-2 rounded-full bg-secondary pl-3 text-sm text-secondary-foreground"
    >
      <CalendarPlusIcon aria-hidden className="size-4 shrink-0" />
      <span>
        Due <strong className="font-medium">{words}</strong>
      </span>
      <button
        type="button"
        aria-label={`Keep “${offer.words}” in the text`}
        className="grid size-11 cursor-pointer place-content-center rounded-full hover:bg-accent"
        onClick={onRefuse}
      >
        <XIcon aria-hidden className="size-4" />
      </button>
    </p>
  )
}
