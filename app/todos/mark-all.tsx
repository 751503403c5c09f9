'use client'

import { CheckIcon, MinusIcon, PlusIcon } from 'lucide-react'
import type { Counts } from '@/db/queries/todos'
import type { View } from '@/db/queries/views'
import { formButton } from './form-button'
import type { Act } from './use-act'

type Props = { view: View; counts: Counts; act: Act }

export function MarkAll({ view, counts: { active, completed }, act }: Props) {
  // With nothing to mark, a placeholder keeps the line from jumping.
  if (active + completed === 0)
    return <PlusIcon aria-hidden className="size-[1.375rem] text-muted-foreground" />
  const isComplete = active > 0
  return (
    <button
      {...formButton({ type: 'complete-all', view, isComplete }, (change) => {
        act(change, null, isComplete ? 'Marked all as complete' : 'Marked all as active')
      })}
      role="checkbox"
      aria-checked={active === 0 ? true : completed > 0 ? 'mixed' : false}
      aria-label="Mark all as complete"
      className="todo-check"
    >
      {active === 0 && <CheckIcon aria-hidden className="size-3.5" />}
      {active > 0 && completed > 0 && <MinusIcon aria-hidden className="size-3.5" />}
    </button>
  )
}
