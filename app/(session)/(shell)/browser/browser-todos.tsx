'use client'

import { useMemo } from 'react'
import { ForgetOnSignOut } from '@/app/todos/forget-on-sign-out'
import { TodoList } from '@/app/todos/todo-list'
import type { TodoSource } from '@/app/todos/todo-source'
import { TodosProvider } from '@/app/todos/todos-provider'
import { useAsUser } from '@/lib/auth/use-as-user'
import { startLate } from '@/lib/start-late'
import type { View } from '@/db/queries/views'

/** The list for the browser source: it loads and changes the todos with SQL that this page sends itself. */
export function BrowserTodos({ userId, view }: { userId: string; view: View }) {
  const source = useBrowserSource()
  return (
    <TodosProvider userId={userId} source={source}>
      <ForgetOnSignOut />
      <TodoList view={view} />
    </TodosProvider>
  )
}

/** The driver and the queries: more code than all the rest of the page, so the page does not wait for them. */
const sql = () => import('./sql')

function useBrowserSource(): TodoSource {
  const asUser = useAsUser()
  return useMemo(() => {
    // At once, beside all else that the page does.
    if (typeof window !== 'undefined') void sql().catch(() => undefined)
    return {
      loadPage: (request) => asUser(async (token) => (await sql()).loadPage(token, request)),
      loadNotes: (id) => asUser(async (token) => (await sql()).loadNotes(token, id)),
      loadWhole: (request) => asUser(async (token) => (await sql()).loadWhole(token, request)),
      add: (batch) => asUser(async (token) => (await sql()).performAdd(token, batch)),
      save: (change) => asUser(async (token) => (await sql()).performChange(token, change)),
      listen: (request, onChange) =>
        startLate(sql(), ({ listen }) => listen(asUser, request, onChange)),
    }
  }, [asUser])
}
