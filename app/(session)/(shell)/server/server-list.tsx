import { Suspense } from 'react'
import { parseFilter } from '@/app/todos/filter'
import { FormProblem } from '@/app/todos/form-problem'
import { loadPage } from '@/app/todos/perform-change'
import { FIRST_PAGE, type TodoPage } from '@/app/todos/query'
import type { TodoQuery } from '@/app/todos/query-schema'
import { TodoListSkeleton } from '@/app/todos/todo-list-skeleton'
import type { View } from '@/db/queries/views'
import { requireSession } from '@/lib/auth/session'
import { inTime } from '@/lib/in-time'
import type { Result } from '@/lib/problem'
import { serverDb } from '@/lib/sql/server-db'
import { ServerTodos } from './server-todos'

export type SearchParams = Promise<Record<string, string | string[] | undefined>>

/**
 * The beginning of a view, rendered on the server. A list that comes in time is part of the HTML itself, and so works
 * without JavaScript, which one that comes later needs to appear.
 */
export async function ServerList({
  view,
  searchParams,
}: {
  view: View
  searchParams: SearchParams
}) {
  const { userId, token } = await requireSession()
  const { filter, problem } = await searchParams
  const query: TodoQuery = {
    view,
    filter: parseFilter(typeof filter === 'string' ? filter : null),
  }
  const loading = loadPage(serverDb(token), { query, after: null, size: FIRST_PAGE })
  const loaded = await inTime(loading)
  const props = { userId, query }
  return (
    <>
      <FormProblem problem={problem} />
      {loaded ? (
        <ServerTodos key={userId} {...props} loaded={loaded} />
      ) : (
        <Suspense fallback={<TodoListSkeleton />}>
          <LateTodos {...props} loading={loading} />
        </Suspense>
      )}
    </>
  )
}

type LateProps = { userId: string; query: TodoQuery; loading: Promise<Result<TodoPage>> }

async function LateTodos({ userId, query, loading }: LateProps) {
  return <ServerTodos key={userId} userId={userId} query={query} loaded={await loading} />
}
