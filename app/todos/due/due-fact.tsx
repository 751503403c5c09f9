'use client'

import type { Todo } from '@/db/queries/todos'
import { dueOf } from './due'
import { DueLabel } from './due-label'

export function DueFact({ todo }: { todo: Todo }) {
  const due = dueOf(todo)
  return due && <DueLabel due={due} isComplete={todo.isComplete} />
}
