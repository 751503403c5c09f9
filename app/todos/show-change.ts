/** Applies a change to the list on screen: first optimistically, then with the database's answer. */
import type { Todo } from '@/db/queries/todos'
import type { Change } from './change'

/** A todo on screen. An unsaved one cannot be changed. */
export type ShownTodo = Todo & { isPending?: true }

/** The list as expected after the change. */
export function guess(todos: readonly ShownTodo[], change: Change): ShownTodo[] {
  switch (change.type) {
    case 'add':
      return [...todos, pendingTodo(change.task, todos.length)]
    case 'rename':
      return update(todos, change.id, { task: change.task })
    case 'complete':
      return update(todos, change.id, { isComplete: change.isComplete })
    case 'delete':
      return todos.filter(({ id }) => id !== change.id)
    case 'complete-all':
      return todos.map((todo) => ({ ...todo, isComplete: change.isComplete }))
    case 'clear-completed':
      return todos.filter(({ isComplete }) => !isComplete)
  }
}

/** The list with the rows that the database has changed. */
export function settle(todos: readonly Todo[], change: Change, rows: readonly Todo[]): Todo[] {
  const changed = new Map(rows.map((row) => [row.id, row]))
  switch (change.type) {
    case 'add':
      return [...todos, ...rows]
    case 'delete':
    case 'clear-completed':
      return todos.filter(({ id }) => !changed.has(id))
    case 'rename':
    case 'complete':
    case 'complete-all':
      return todos.map((todo) => changed.get(todo.id) ?? todo)
  }
}

function update(todos: readonly ShownTodo[], id: string, values: Partial<Todo>): ShownTodo[] {
  return todos.map((todo) => (todo.id === id ? { ...todo, ...values } : todo))
}

function pendingTodo(task: string, place: number): ShownTodo {
  return {
    id: `pending-${place}`,
    userId: '',
    listId: null,
    task,
    isComplete: false,
    notes: '',
    dueOn: null,
    dueTime: null,
    position: '',
    insertedAt: '',
    hiddenAt: null,
    isPending: true,
  }
}
