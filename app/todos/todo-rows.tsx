'use client'

import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Button } from '@/app/components/ui/button'
import { useMayEdit } from '@/app/lists/may-edit'
import type { Todo } from '@/db/queries/todos'
import { later } from '@/lib/later'
import { whenIdle } from '@/lib/when-idle'
import { headingOf } from './due/group-heading'
import { useRowFocus } from './keyboard/use-row-focus'
import { useRowKeys } from './keyboard/use-row-keys'
import type { ShownTodo } from './list'
import { belongs } from './query'
import type { TodoQuery } from './query-schema'
import type { Grips } from './reorder/reorder-layer'
import { loadPlaces, useReorder } from './reorder/use-reorder'
import type { Selecting } from './selection/use-selection'
import { TodoRow, type RowActions } from './todo-row'
import type { Act } from './use-act'
import type { Editing } from './use-editing'
import { useIsHydrated } from './use-is-hydrated'
import type { Todos } from './use-todos'
import { useWindow } from './use-window'

import './todos.css'

const ReorderLayer = later(() => import('./reorder/reorder-layer').then((part) => part.default))
const RowMenu = later(() => import('./row-menu').then((part) => part.RowMenu))

type Props = {
  list: Todos
  todos: readonly ShownTodo[]
  query: TodoQuery
  act: Act
  editing: Editing
  selecting: Selecting
}

/** The next page is read when so many rows are left below. */
const READ_AHEAD = 20

/** The rows of the list that are near the window, with the focus, keys, menu and order of all of them. */
export function TodoRows({ list, todos, query, act, editing, selecting }: Props) {
  const isHydrated = useIsHydrated()
  const mayEdit = useMayEdit()
  const ul = useRef<HTMLUListElement>(null)
  const focused = useRef<string | undefined>(undefined)
  /** The row to focus once it is in the document. */
  const wanted = useRef<string | null>(null)
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const [dragged, setDragged] = useState<string | null>(null)
  const [isDraggable, setIsDraggable] = useState(false)
  const grips = useRef<Grips>(new Map())
  const [menu, setMenu] = useState<{ todo: Todo; button: HTMLElement } | null>(null)
  const { open: openEditor, save, cancel, draft } = editing
  const { ids, hasMore, isLoadingMore, loadMore } = list

  const draftId = draft?.id
  const kept = useCallback(
    () => [focused.current, draftId, wanted.current, dragged],
    [draftId, dragged],
  )
  const shown = useWindow({ list: ul, ids, kept })

  useEffect(() => whenIdle(() => Promise.all([import('./row-menu'), loadPlaces()])), [])

  const lastShown = shown.rows.at(-1)?.index ?? 0
  useEffect(() => {
    const isReady = isHydrated && hasMore && !isLoadingMore && !shown.isWaiting
    if (isReady && lastShown >= todos.length - READ_AHEAD) loadMore()
  })

  const { view } = query
  const reorder = useReorder({ todos, view, hasMore, act })
  const focus = useRowFocus({ list: ul, rows: ids, wantedRef: wanted, scrollTo: shown.scrollTo })

  const latest = useRef(selecting)
  useEffect(() => {
    latest.current = selecting
  })
  const actions: RowActions = useMemo(
    () => ({
      openEditor,
      saveEdit: save,
      cancelEdit: cancel,
      complete: (todo, change) => {
        const after = { ...todo, isComplete: !todo.isComplete }
        const label = `${todo.isComplete ? 'Reopened' : 'Completed'} “${todo.task}”`
        act(change, todo, belongs(query, after) ? undefined : label)
      },
      openMenu: (todo, button) => {
        setMenu({ todo, button })
      },
      select: ({ id }, how) => {
        latest.current[how](id)
      },
      grip: ({ id }, event) => {
        grips.current.get(id)?.(event)
      },
    }),
    [openEditor, save, cancel, act, query],
  )
  const toggleDetails = ({ id }: Todo) => {
    setOpen((before) => {
      const after = new Set(before)
      if (!after.delete(id)) after.add(id)
      return after
    })
  }

  useRowKeys({
    todos,
    selecting,
    focus,
    mayEdit,
    act,
    edit: openEditor,
    toggleDetails,
    move: reorder.move,
  })

  return (
    <>
      <ul
        ref={ul}
        role="list"
        aria-label="Todos"
        // A flow root: the first row's margin must not move the list itself.
        className="flow-root [overflow-anchor:none]"
        style={{ paddingBottom: shown.rest }}
        onFocus={({ target }) => {
          const id = target.closest<HTMLElement>('[data-todo]')?.dataset.todo
          focused.current = id
          if (id !== undefined) focus.note(id)
        }}
        onPointerEnter={() => {
          setIsDraggable(reorder.canMove)
        }}
        onBlur={() => {
          focused.current = undefined
        }}
      >
        {shown.rows.map(({ index, gap }) => {
          const todo = todos[index]
          if (!todo) return null
          return (
            <TodoRow
              key={todo.id}
              ref={shown.measure}
              todo={todo}
              index={index}
              size={todos.length}
              failures={list.failures.get(todo.id)}
              draft={draft?.id === todo.id ? draft.text : null}
              isOpen={open.has(todo.id)}
              isHydrated={isHydrated}
              mayEdit={mayEdit(todo.listId)}
              isCurrent={todo.id === focus.current}
              isSelected={selecting.ids.has(todo.id)}
              isSelecting={selecting.isOn}
              canMove={reorder.canMove}
              heading={headingOf(view, todo, todos[index - 1])}
              act={act}
              actions={actions}
              gap={gap}
            />
          )
        })}
      </ul>
      {hasMore && (
        <p className="border-t p-2 text-center">
          <Button variant="ghost" disabled={!isHydrated} onClick={loadMore}>
            {isLoadingMore ? 'Loading more…' : 'Load more'}
          </Button>
        </p>
      )}
      {isDraggable && (
        <ReorderLayer
          list={ul}
          rows={shown.rows.flatMap(({ index }) => todos[index] ?? [])}
          grips={grips}
          onDrag={setDragged}
          onDrop={reorder.drop}
        />
      )}
      {menu && (
        <RowMenu
          todo={menu.todo}
          button={menu.button}
          mayEdit={mayEdit(menu.todo.listId)}
          tools={{
            act,
            edit: openEditor,
            toggleDetails,
            select: ({ id }) => {
              selecting.toggle(id)
            },
            move: reorder.canMove ? reorder.move : null,
          }}
          onClose={() => {
            setMenu(null)
          }}
        />
      )}
    </>
  )
}
