/** Changes of several todos at once: one statement each, and one step of undo. */
import type { Todo } from '@/db/queries/todos'
import { localDay } from '@/app/todos/due/due'
import type { Act } from '@/app/todos/use-act'

export type Many = ReturnType<typeof changesOfMany>

export function changesOfMany(act: Act) {
  return {
    /** Completes them; if all are complete, reopens them. */
    complete: (todos: readonly Todo[]) => {
      const isComplete = todos.some((todo) => !todo.isComplete)
      const changed = todos.filter((todo) => todo.isComplete !== isComplete)
      if (changed.length === 0) return
      act(
        { type: 'complete-many', ids: idsOf(changed), isComplete },
        changed,
        `${isComplete ? 'Completed' : 'Reopened'} ${named(changed)}`,
      )
    },
    delete: (todos: readonly Todo[]) => {
      if (todos.length === 0) return
      act({ type: 'delete-many', ids: idsOf(todos) }, todos, `Deleted ${named(todos)}`)
    },
    /** At no particular time. */
    dueToday: (todos: readonly Todo[]) => {
      const dueOn = localDay(new Date())
      const changed = todos.filter((todo) => todo.dueOn !== dueOn)
      if (changed.length === 0) return
      act(
        { type: 'due-many', ids: idsOf(changed), dueOn, dueTime: null },
        changed,
        `${named(changed)} due today`,
      )
    },
  }
}

const idsOf = (todos: readonly Todo[]) => todos.map(({ id }) => id)

export const named = (todos: readonly Todo[]) => {
  const [only] = todos
  return todos.length === 1 && only ? `“${only.task}”` : `${todos.length} todos`
}
