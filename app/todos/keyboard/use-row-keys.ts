'use client'
/** What the keys do to the todo that has the focus, or to the selected ones if it is one of them. */
import type { ShownTodo } from '@/app/todos/list'
import type { Move } from '@/app/todos/reorder/neighbours'
import { changesOfMany } from '@/app/todos/selection/changes-of-many'
import type { Selecting } from '@/app/todos/selection/use-selection'
import type { Act } from '@/app/todos/use-act'
import type { useRowFocus } from './use-row-focus'
import { useShortcuts } from './use-shortcuts'

type Options = {
  todos: readonly ShownTodo[]
  selecting: Selecting
  focus: ReturnType<typeof useRowFocus>
  /** Of the list that a todo is in: what the database lets the user change. */
  mayEdit: (listId: string | null) => boolean
  act: Act
  edit: (todo: ShownTodo) => void
  toggleDetails: (todo: ShownTodo) => void
  move: (todo: ShownTodo, move: Move) => void
}

export function useRowKeys(options: Options): void {
  const { todos, selecting, focus, mayEdit, act, edit, toggleDetails, move } = options
  const many = changesOfMany(act)

  /** Does something with the focused todo. */
  const withTodo = (work: (todo: ShownTodo) => void) => (row: string | null) => {
    const todo = todos.find(({ id }) => id === row)
    if (todo) work(todo)
  }
  const withOwn = (work: (todo: ShownTodo) => void) =>
    withTodo((todo) => {
      if (mayEdit(todo.listId)) work(todo)
    })
  const withMany = (work: (todos: readonly ShownTodo[]) => void) =>
    withTodo((todo) => {
      const isSelected = selecting.ids.has(todo.id)
      const meant = isSelected ? todos.filter(({ id }) => selecting.ids.has(id)) : [todo]
      work(meant.filter(({ listId }) => mayEdit(listId)))
    })
  const moving = (how: Move) =>
    withOwn((todo) => {
      move(todo, how)
      focus.focus(todo.id)
    })
  const extending = (steps: number) =>
    withTodo((todo) => {
      const next = todos[todos.indexOf(todo) + steps] ?? todo
      selecting.extend(next.id, todo.id)
      focus.focus(next.id)
    })

  useShortcuts({
    next: (row) => {
      focus.focusBy(row, 1)
    },
    previous: (row) => {
      focus.focusBy(row, -1)
    },
    first: () => {
      focus.focus(todos[0]?.id)
    },
    last: () => {
      focus.focus(todos.at(-1)?.id)
    },
    complete: withMany(many.complete),
    delete: withMany((meant) => {
      many.delete(meant)
      selecting.release()
    }),
    edit: withOwn(edit),
    details: withTodo(toggleDetails),
    moveUp: moving('up'),
    moveDown: moving('down'),
    moveToTop: moving('top'),
    moveToBottom: moving('bottom'),
    select: withTodo(({ id }) => {
      selecting.toggle(id)
    }),
    selectDown: extending(1),
    selectUp: extending(-1),
    selectAll: () => {
      selecting.all()
    },
  })
}
