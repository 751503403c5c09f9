'use client'

import { PlusIcon } from 'lucide-react'
import { Checkbox } from '@/app/components/ui/checkbox'
import type { ShownTodo } from './show-change'
import type { MakeChange } from './use-changes'

export function MarkAll({
  todos,
  makeChange,
}: {
  todos: readonly ShownTodo[]
  makeChange: MakeChange
}) {
  // With nothing to mark, a placeholder keeps the line from jumping.
  if (todos.length === 0) return <PlusIcon aria-hidden className="size-5 text-muted-foreground" />
  const complete = todos.filter(({ isComplete }) => isComplete).length
  return (
    <Checkbox
      aria-label="Mark all as complete"
      checked={complete === todos.length || (complete > 0 && 'indeterminate')}
      onCheckedChange={(checked) =>
        void makeChange({ type: 'complete-all', isComplete: checked === true })
      }
    />
  )
}
