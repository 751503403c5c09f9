'use client'
/** Moves todos within their list: one row is written, and the move can be undone. */
import type { Todo } from '@/db/queries/todos'
import type { View } from '@/db/queries/views'
import type { ShownTodo } from '@/app/todos/list'
import type { Act } from '@/app/todos/use-act'
import type { Move } from './neighbours'

export type Drop = { over: string; isBelow: boolean }

type Options = {
  todos: readonly ShownTodo[]
  view: View
  /** There are todos behind these, which are not loaded. */
  hasMore: boolean
  act: Act
}

type Places = typeof import('./neighbours')

let places: Places | undefined

/** What computes positions, ahead of the first move. */
export async function loadPlaces(): Promise<Places> {
  return (places ??= await import('./neighbours'))
}

/** At once if it is loaded, so that the focus can follow the moved row. */
function withPlaces(work: (places: Places) => void) {
  if (places) work(places)
  else loadPlaces().then(work, () => undefined)
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
      withPlaces(({ lastPosition, positionAfterMove }) => {
        write(todo, isPastLoaded ? lastPosition() : positionAfterMove(todos, todo.id, move))
      })
    },
    drop: (id: string, drop: Drop) => {
      const todo = todos.find((each) => each.id === id)
      if (!canMove || !todo || todo.isPending) return
      withPlaces(({ positionAfterDrop }) => {
        write(todo, positionAfterDrop(todos, id, drop))
      })
    },
  }
}
