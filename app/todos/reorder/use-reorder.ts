'use client'
/** Moves todos within their list: one row is written, and the move can be undone. */
import type { Todo } from '@/db/queries/todos'
import type { View } from '@/db/queries/views'
import type { ShownTodo } from '@/app/todos/list'
import type { Act } from '@/app/todos/use-act'
import { positionAfterDrop, positionAfterMove, type Move } from './neighbours'
import { lastPosition } from './position'

export type Drop = { over: string; isBelow: boolean }

type Options = {
  todos: readonly ShownTodo[]
  view: View
  /** There are todos behind these, which are not loaded. */
  hasMore: boolean
  act: Act
}

export function useReorder({ todos, view, hasMore, act }: Options) {
  /** The other views sort by when todos are due, or show several lists. */
  const canMove = view.name === 'mine' || view.name === 'list'

  function write(todo: Todo, position: string | null) {
    if (position === null) return
    act({ type: 'move', id: todo.id, position }, todo, `Moved “${todo.task}”`)
  }

  return {
    canMove,
    move: (todo: ShownTodo, move: Move) => {
      if (!canMove || todo.isPending) return
      // Behind the todos that are not loaded, too.
      const isPastLoaded = hasMore && move === 'bottom'
      write(todo, isPastLoaded ? lastPosition() : positionAfterMove(todos, todo.id, move))
    },
    drop: (id: string, drop: Drop) => {
      const todo = todos.find((each) => each.id === id)
      if (canMove && todo && !todo.isPending) write(todo, positionAfterDrop(todos, id, drop))
    },
  }
}
