'use client'

import { usePathname, useSearchParams } from 'next/navigation'
import { useMemo } from 'react'
import { useMayEdit } from '@/app/lists/may-edit'
import { TodoDialogs } from '@/app/lists/todo-dialogs'
import { useAskAgain } from '@/app/lists/use-ask-again'
import type { View } from '@/db/queries/views'
import type { Problem } from '@/lib/problem'
import { ConnectionNotice } from './connection-notice'
import { FailureSummary } from './failure-summary'
import { parseFilter } from './filter'
import { CHANGE_FORM } from './form-button'
import { ListFooter } from './list-footer'
import { LoadFailed } from './load-failed'
import { MarkAll } from './mark-all'
import { NewTodo } from './new-todo'
import { NothingHere } from './nothing-here'
import { listOf, type TodoPage } from './query'
import type { TodoQuery } from './query-schema'
import { RowFailure } from './row-failure'
import { TodoListSkeleton } from './todo-list-skeleton'
import { TodoRows } from './todo-rows'
import { UndoToast } from './undo-toast'
import { useAct } from './use-act'
import { useEditing } from './use-editing'
import { useFocusRecovery } from './use-focus-recovery'
import { useIsHydrated } from './use-is-hydrated'
import { useLeaveWarning } from './use-leave-warning'
import { useTodos } from './use-todos'

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
export function TodoList({ view, prepared = null, problem = null }: Props) {
  const filter = parseFilter(useSearchParams().get('filter'))
  const here = usePathname() + (filter === 'all' ? '' : `?filter=${filter}`)
  const query = useMemo(() => ({ view, filter }), [view, filter])
  const first = prepared?.query.filter === filter ? prepared.page : null
  const list = useTodos(query, first)
  const act = useAct()
  const editing = useEditing(act)
  const isHydrated = useIsHydrated()
  const recovery = useFocusRecovery()
  useLeaveWarning(list.outbox)
  useAskAgain(list.outbox)
  const mayEdit = useMayEdit()(listOf(view))

  const { todos, counts } = list
  const reason = list.problem ?? (isHydrated ? null : problem)
  if (!todos && reason) return <LoadFailed problem={reason} onRetry={list.retry} />
  if (!todos) return <TodoListSkeleton />

  const isSaving = list.outbox.entries.some(({ problem }) => problem === null)
  return (
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
      {mayEdit && (
        <div className="flex items-center gap-3 p-4 sm:px-5">
          <MarkAll view={view} counts={counts} act={act} />
          <NewTodo listId={listOf(view)} act={act} here={here} formAction={prepared?.formAction} />
        </div>
      )}
      <FailureSummary list={list} />
      {list.looseFailures.map((entry) => (
        <RowFailure key={entry.id} entry={entry} listId={listOf(view)} onEdit={null} />
      ))}
      {todos.length > 0 ? (
        <TodoRows list={list} todos={todos} query={query} act={act} editing={editing} />
      ) : (
        <NothingHere filter={filter} />
      )}
      <ListFooter
        view={view}
        filter={filter}
        counts={counts}
        isSaving={isSaving}
        mayEdit={mayEdit}
        act={act}
      />
      <UndoToast />
      <TodoDialogs />
    </section>
  )
}
