'use client'

import { useRouter } from 'next/navigation'
import { useTransition } from 'react'
import { LoadFailed } from '@/app/todos/load-failed'
import { TodoList } from '@/app/todos/todo-list'
import type { SaveChange } from '@/app/todos/todo-source'
import { useAsUser } from '@/lib/auth/use-as-user'
import type { Todo } from '@/db/queries/todos'
import type { Result } from '@/lib/problem'
import { addTodo, changeTodos } from './actions'

/** The list for the server source: the page delivers it, and server actions change it. */
export function ServerTodos({ userId, loaded }: { userId: string; loaded: Result<Todo[]> }) {
  const router = useRouter()
  const [isRetrying, startRetry] = useTransition()
  const asUser = useAsUser()
  // Renews a cookie that expired, for example while the laptop slept, before the action needs it.
  const save: SaveChange = (change) => asUser(() => changeTodos(change))

  if (loaded.ok)
    return <TodoList userId={userId} source={{ todos: loaded.value, save }} formAction={addTodo} />
  const retry = () => {
    startRetry(() => {
      router.refresh()
    })
  }
  return <LoadFailed problem={loaded.problem} isRetrying={isRetrying} onRetry={retry} />
}
