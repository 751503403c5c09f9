/** The user's todos, read and written with SQL that this page sends itself. */
import { startTransition, useCallback, useEffect, useRef, useState, useTransition } from 'react'
import { loadTodos, performChange } from '@/app/todos/perform-change'
import { settle } from '@/app/todos/show-change'
import type { SaveChange } from '@/app/todos/todo-source'
import { useAsUser } from '@/lib/auth/use-as-user'
import type { Todo } from '@/db/queries/todos'
import { browserDb } from '@/lib/sql/browser-db'
import type { UserDatabase } from '@/lib/sql/connect'
import { mayHaveChanged, succeeded, type Result } from '@/lib/problem'

type Query = (db: UserDatabase) => Promise<Result<Todo[]>>

export function useBrowserTodos() {
  const runAsUser = useRunAsUser()
  const [loaded, setLoaded] = useState<Result<Todo[]> | null>(null)
  const [isRetrying, startRetry] = useTransition()
  const lastSave = useRef<Promise<unknown>>(Promise.resolve())

  useEffect(() => {
    let isWanted = true
    void runAsUser(loadTodos).then((result) => {
      if (isWanted) setLoaded(result)
    })
    return () => {
      isWanted = false
    }
  }, [runAsUser])

  const save: SaveChange = (change) => {
    // Sequential: two clicks on one checkbox must reach the database in order.
    const saving = lastSave.current.then(() => saveNow(change))
    lastSave.current = saving
    return saving
  }

  const saveNow: SaveChange = async (change) => {
    const saved = await runAsUser((db) => performChange(db, change))
    const mustLook = !saved.ok && mayHaveChanged(saved.problem)
    const reloaded = mustLook ? await runAsUser(loadTodos) : null
    // In a transition, so that the new list replaces the optimistic one in the same render.
    startTransition(() => {
      setLoaded((current) => {
        if (reloaded?.ok) return reloaded
        if (!saved.ok || !current?.ok) return current
        return succeeded(settle(current.value, change, saved.value))
      })
    })
    return saved
  }

  const retry = () => {
    startRetry(async () => {
      const result = await runAsUser(loadTodos)
      startTransition(() => {
        setLoaded(result)
      })
    })
  }

  return { loaded, save, retry, isRetrying }
}

/** Returns a function that runs a query as the signed-in user, and never throws. */
function useRunAsUser() {
  const asUser = useAsUser()
  return useCallback((query: Query) => asUser((token) => query(browserDb(token))), [asUser])
}
