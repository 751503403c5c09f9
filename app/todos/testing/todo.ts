/** A todo of Alice's, for tests that look at a few of its columns. */
import type { Todo } from '@/db/queries/todos'

export const todo = (id: string, position: string, values: Partial<Todo> = {}): Todo => ({
  id,
  userId: 'alice',
  listId: null,
  task: id,
  isComplete: false,
  notesStart: '',
  dueOn: null,
  dueTime: null,
  position,
  insertedAt: '2026-01-01',
  hiddenAt: null,
  ...values,
})
