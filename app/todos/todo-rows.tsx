'use client'

import { useWindowVirtualizer, defaultRangeExtractor, type Range } from '@tanstack/react-virtual'
import dynamic from 'next/dynamic'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Button } from '@/app/components/ui/button'
import { useMayEdit } from '@/app/lists/may-edit'
import type { Todo } from '@/db/queries/todos'
import { headingOf } from './due/group-heading'
import { useRowFocus } from './keyboard/use-row-focus'
import { useRowKeys } from './keyboard/use-row-keys'
import type { ShownTodo } from './list'
import { belongs, FIRST_PAGE } from './query'
import type { TodoQuery } from './query-schema'
import type { Grips } from './reorder/reorder-layer'
import { useReorder } from './reorder/use-reorder'
import type { Selecting } from './selection/use-selection'
import { TodoRow, type RowActions } from './todo-row'
import type { Act } from './use-act'
import type { Editing } from './use-editing'
import { useIsHydrated } from './use-is-hydrated'
import type { Todos } from './use-todos'
import { orNothing } from '@/lib/or-nothing'

import './todos.css'

const ReorderLayer = dynamic(
  () => orNothing(import('./reorder/reorder-layer').then((part) => part.default)),
  { ssr: false },
)
const RowMenu = dynamic(() => orNothing(import('./row-menu').then((module) => module.RowMenu)), {
  ssr: false,
})

type Props = {
  list: Todos
  todos: readonly ShownTodo[]
  query: TodoQuery
  act: Act
  editing: Editing
  selecting: Selecting
}

/** Pixels; a row of one line. Longer ones are measured. */
const ROW_HEIGHT = 57
/** The next page is read when so many rows are left below. */
const READ_AHEAD = 20

/**
 * The rows near the window: a list of 5,000 has no more of them in the document than one of 50. Before the page
 * is live, all of the first page is there, so that it can be read without JavaScript.
 */
export function TodoRows({ list, todos, query, act, editing, selecting }: Props) {
  const isHydrated = useIsHydrated()
  const mayEdit = useMayEdit()
  const ul = useRef<HTMLUListElement>(null)
  const focused = useRef<string | undefined>(undefined)
  /** The row to focus once it is in the document. */
  const wanted = useRef<string | null>(null)
  const [margin, setMargin] = useState(0)
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const [dragged, setDragged] = useState<string | null>(null)
  const [isDraggable, setIsDraggable] = useState(false)
  const grips = useRef<Grips>(new Map())
  const [menu, setMenu] = useState<{ todo: Todo; button: HTMLElement } | null>(null)
  const { open: openEditor, save, cancel, draft } = editing

  const virtualizer = useWindowVirtualizer({
    count: todos.length,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: useCallback((index: number) => todos[index]?.id ?? index, [todos]),
    overscan: 8,
    scrollMargin: margin,
    initialRect: { width: 0, height: FIRST_PAGE * ROW_HEIGHT },
    rangeExtractor: useCallback(
      (range: Range) => {
        const ids = [focused.current, draft?.id, wanted.current, dragged]
        const kept = ids.map((id) => (id ? todos.findIndex((todo) => todo.id === id) : -1))
        const shown = defaultRangeExtractor(range)
        const more = new Set(kept.filter((index) => index >= 0 && !shown.includes(index)))
        return more.size === 0 ? shown : [...shown, ...more].sort((a, b) => a - b)
      },
      [todos, draft?.id, dragged],
    ),
    useFlushSync: false,
  })

  useEffect(() => {
    // What is above the list may grow, for instance by a message.
    const observer = new ResizeObserver(() => {
      const top = ul.current?.getBoundingClientRect().top ?? 0
      setMargin(Math.round(top + window.scrollY))
    })
    observer.observe(document.body)
    return () => {
      observer.disconnect()
    }
  }, [])

  useEffect(() => {
    // Ahead of its first use, so that it opens at once, and offline too.
    import('./row-menu').catch(() => undefined)
  }, [])

  const items = virtualizer.getVirtualItems()
  const lastShown = items.at(-1)?.index ?? 0
  const { hasMore, isLoadingMore, loadMore } = list
  useEffect(() => {
    if (isHydrated && hasMore && !isLoadingMore && lastShown >= todos.length - READ_AHEAD) {
      loadMore()
    }
  })

  const { view } = query
  const reorder = useReorder({ todos, view, hasMore, act })
  const ids = useMemo(() => todos.map(({ id }) => id), [todos])
  const focus = useRowFocus({
    list: ul,
    rows: ids,
    wantedRef: wanted,
    scrollTo: virtualizer.scrollToIndex,
  })

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
        style={{ paddingBottom: rest(virtualizer.getTotalSize() + margin, items.at(-1)?.end) }}
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
        {items.map((item, place) => {
          const todo = todos[item.index]
          if (!todo) return null
          return (
            <TodoRow
              key={todo.id}
              ref={virtualizer.measureElement}
              todo={todo}
              index={item.index}
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
              heading={headingOf(view, todo, todos[item.index - 1])}
              act={act}
              actions={actions}
              gap={item.start - (items[place - 1]?.end ?? margin)}
            />
          )
        })}
      </ul>
      {hasMore && (
        <p className="border-t p-2 text-center">
          <Button variant="ghost" className="h-11" disabled={!isHydrated} onClick={loadMore}>
            {isLoadingMore ? 'Loading more…' : 'Load more'}
          </Button>
        </p>
      )}
      {isDraggable && (
        <ReorderLayer
          list={ul}
          rows={items.flatMap(({ index }) => todos[index] ?? [])}
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

const rest = (total: number, end: number | undefined) => Math.max(0, total - (end ?? total))
