'use client'

import { useMemo } from 'react'
import { rememberStatements } from '@/app/shell/sql/recent-statements'
import type { TodoPage } from '@/app/todos/query'
import type { BeginRequest, TodoQuery } from '@/app/todos/query-schema'
import { ForgetOnSignOut } from '@/app/todos/forget-on-sign-out'
import { TodoList } from '@/app/todos/todo-list'
import type { TodoSource } from '@/app/todos/todo-source'
import { TodosProvider } from '@/app/todos/todos-provider'
import { useAsUser } from '@/lib/auth/use-as-user'
import { failed, succeeded, type Result } from '@/lib/problem'
import type { Observed } from '@/lib/sql/observed'
import { startLate } from '@/lib/start-late'
import {
  addBatch,
  changeByForm,
  changeTodos,
  loadNotesOf,
  loadTodos,
  loadWholeTodos,
} from './actions'

type Props = { userId: string; query: TodoQuery; loaded: Result<TodoPage> }

/** The list for the server source: the page delivers its beginning, and server actions do the rest. */
export function ServerTodos({ userId, query, loaded }: Props) {
  const source = useServerSource()
  return (
    <TodosProvider userId={userId} source={source}>
      <ForgetOnSignOut />
      <TodoList
        view={query.view}
        prepared={loaded.ok ? { query, page: loaded.value, formAction: changeByForm } : null}
        problem={loaded.ok ? null : loaded.problem}
      />
    </TodosProvider>
  )
}

/** `asUser` renews a cookie that expired, for example while the laptop slept, before the action needs it. */
function useServerSource(): TodoSource {
  const asUser = useAsUser()
  return useMemo(
    () => ({
      loadPage: (request) => asUser(() => remembered(loadTodos(request))),
      loadNotes: (id) => asUser(() => remembered(loadNotesOf(id))),
      loadWhole: (request) => asUser(() => loadWholeTodos(request)),
      add: (batch) => asUser(() => addBatch(batch)),
      save: (change) => asUser(() => remembered(changeTodos(change))),
      listen: (request, onChange) =>
        startLate(listening(), ([{ listen }, { parseLivePage }]) =>
          listen({
            open: (lastEventId, signal) => asUser(() => openEvents(request, lastEventId, signal)),
            onAnswer: (data) => {
              onChange(parseLivePage(data))
            },
            problemOf: () => Promise.resolve('unexpected'),
          }),
        ),
    }),
    [asUser],
  )
}

/** Keeps the statements for the drawer that shows them. */
async function remembered<T>(observed: Promise<Observed<T>>): Promise<T> {
  const { result, statements } = await observed
  rememberStatements('server', statements)
  return result
}

const listening = () => Promise.all([import('@/lib/listen'), import('@/app/todos/received')])

/** The server sends the list again whenever it has changed (live/route.ts). */
async function openEvents(
  request: BeginRequest,
  lastEventId: string | undefined,
  signal: AbortSignal,
): Promise<Result<Response>> {
  const headers: HeadersInit = { accept: 'text/event-stream', 'content-type': 'application/json' }
  if (lastEventId !== undefined) headers['last-event-id'] = lastEventId
  const body = JSON.stringify(request)
  const response = await fetch('/server/live', { method: 'POST', headers, body, signal })
  if (response.ok) return succeeded(response)
  if (response.status === 401) return failed('signed-out')
  return failed(response.status === 503 ? 'busy' : 'unexpected')
}
