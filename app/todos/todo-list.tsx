'use client'

import { usePathname, useSearchParams } from 'next/navigation'
import { useMemo, useState } from 'react'
import { useMayEdit } from '@/app/lists/may-edit'
import { TodoDialogs } from '@/app/lists/todo-dialogs'
import { useAskAgain } from '@/app/lists/use-ask-again'
import type { Layer } from '@/app/palette/layers'
import { ListLayers } from '@/app/palette/list-layers'
import { ListToolbar } from '@/app/palette/list-toolbar'
import type { View } from '@/db/queries/views'
import { later } from '@/lib/later'
import type { Problem } from '@/lib/problem'
import { ConnectionNotice } from './connection-notice'
import { addDays } from './due/due'
import { useOwnDay } from './due/use-own-day'
import { FailureSummary } from './failure-summary'
import { parseFilter } from './filter'
import { CHANGE_FORM } from './form-button'
import { useShortcuts } from './keyboard/use-shortcuts'
import type { ShownTodo } from './list'
import { ListFooter } from './list-footer'
import { LoadFailed } from './load-failed'
import { MarkAll } from './mark-all'
import { NewTodo } from './new-todo'
import { NothingHere } from './nothing-here'
import { listOf, type TodoPage } from './query'
import type { TodoQuery } from './query-schema'
import { RowFailure } from './row-failure'
import { SearchField } from './search/search-field'
import { useSearch } from './search/use-search'
import { useSelection } from './selection/use-selection'
import { TodoListSkeleton } from './todo-list-skeleton'
import { TodoRows } from './todo-rows'
import { UndoToast } from './undo-toast'
import { useAct } from './use-act'
import { useEditing } from './use-editing'
import { useFocusRecovery } from './use-focus-recovery'
import { useIsHydrated } from './use-is-hydrated'
import { useLeaveWarning } from './use-leave-warning'
import { useTodos } from './use-todos'

const SelectedTodos = later(
  () => import('./selection/selected-todos').then((part) => part.default),
  // As high as what it becomes.
  <div className="h-15 border-t" />,
)

/** What the server has prepared, so that the screen works before JavaScript does. */
export type Prepared = {
  readonly query: TodoQuery
  readonly page: TodoPage
  /** The server action of every form on the screen. */
  readonly formAction: (form: FormData) => Promise<void>
}

type Props = {
  view: View
  prepared?: Prepared | null
  /** Why the server could not prepare anything. */
  problem?: Problem | null
}

/** The screen of both pages. It knows how a list looks, but not where its data comes from. */
export function TodoList({ view: given, prepared = null, problem = null }: Props) {
  const home = useOwnDay(given)
  const filter = parseFilter(useSearchParams().get('filter'))
  const search = useSearch()
  const view = useMemo(
    (): View => (search.words?.length ? { name: 'search', words: search.words } : home),
    [search.words, home],
  )
  const here = usePathname() + (filter === 'all' ? '' : `?filter=${filter}`)
  const query = useMemo(() => ({ view, filter }), [view, filter])
  const first = prepared && isSame(prepared.query, query) ? prepared.page : null
  const list = useTodos(query, first)
  const act = useAct()
  const editing = useEditing(act)
  const isHydrated = useIsHydrated()
  const recovery = useFocusRecovery()
  useLeaveWarning(list.outbox)
  useAskAgain(list.outbox)
  const mayEdit = useMayEdit()(listOf(view))
  const selecting = useSelection(list.ids)
  const [layer, setLayer] = useState<Layer | null>(null)
  const goToNew = () => document.querySelector<HTMLElement>('[data-fallback-focus]')?.focus()
  useShortcuts({
    palette: () => {
      setLayer('palette')
    },
    help: () => {
      setLayer('help')
    },
    new: goToNew,
    search: () => {
      search.open()
      // It is open already: back into its field.
      document.querySelector<HTMLElement>('[role=search] input')?.focus()
    },
    leave: () => {
      if (selecting.isOn) selecting.release()
      else if (search.isOpen) search.leave()
      return selecting.isOn || search.isOpen
    },
  })

  const { todos, counts } = list
  // The page reads the list again by itself, but behind everything else that waits for the same answer.
  const reason = list.problem ?? problem
  if (!todos && reason) return <LoadFailed problem={reason} onRetry={list.retry} />
  if (!todos && !search.isOpen) return <TodoListSkeleton />

  const isSaving = list.outbox.entries.some(({ problem }) => problem === null)
  return (
    <>
      <ListToolbar
        isLive={isHydrated}
        onSearch={search.open}
        onSelect={selecting.begin}
        onOpen={setLayer}
      />
      <section
        {...recovery}
        aria-busy={isSaving}
        data-live={isHydrated}
        className="overflow-clip rounded-xl border bg-card text-card-foreground shadow-sm"
      >
        <form id={CHANGE_FORM} action={prepared?.formAction}>
          <input type="hidden" name="here" value={here} />
        </form>
        <ConnectionNotice list={list} />
        {search.isOpen ? (
          <SearchField
            text={search.text}
            isTooLong={search.isTooLong}
            onType={search.type}
            onLeave={search.leave}
          />
        ) : (
          mayEdit &&
          canAdd(view) && (
            <div className="flex items-start gap-3 p-4 sm:px-5">
              <span className="grid h-11 place-content-center">
                <MarkAll view={view} counts={counts} act={act} />
              </span>
              <NewTodo
                listId={listOf(view)}
                dueOn={dayOfNew(view)}
                act={act}
                here={here}
                formAction={prepared?.formAction}
              />
            </div>
          )
        )}
        <FailureSummary list={list} />
        {list.looseFailures.map((entry) => (
          <RowFailure key={entry.id} entry={entry} listId={listOf(view)} onEdit={null} />
        ))}
        {todos === null ? (
          <p role="status" className="border-t px-5 py-10 text-center text-muted-foreground">
            Searching…
          </p>
        ) : todos.length > 0 ? (
          <TodoRows
            list={list}
            todos={todos}
            query={query}
            act={act}
            editing={editing}
            selecting={selecting}
          />
        ) : (
          <NothingHere view={view} filter={filter} />
        )}
        {selecting.isOn ? (
          <SelectedTodos todos={todos ?? none} selecting={selecting} act={act} />
        ) : (
          <ListFooter
            view={view}
            filter={filter}
            counts={counts}
            isSaving={isSaving}
            mayEdit={mayEdit}
            act={act}
          />
        )}
        <UndoToast />
        <TodoDialogs />
      </section>
      <ListLayers
        layer={layer}
        view={home}
        commands={{
          onNew: goToNew,
          onSearch: search.open,
          onSelect: selecting.begin,
          onOpen: setLayer,
        }}
        onClose={() => {
          setLayer(null)
        }}
      />
    </>
  )
}

const none: readonly ShownTodo[] = []

const isSame = (a: TodoQuery, b: TodoQuery) => JSON.stringify(a) === JSON.stringify(b)

/** A new todo would not be in the list of what is completed. */
const canAdd = ({ name }: View) => name !== 'completed' && name !== 'search'

/** When todos are due that are added in a view, so that they are in it. */
function dayOfNew(view: View): string | null {
  if (view.name === 'today') return view.day
  return view.name === 'upcoming' ? addDays(view.day, 1) : null
}
