'use client'

import { LoadFailed } from '@/app/todos/load-failed'
import { TodoList } from '@/app/todos/todo-list'
import { TodoListSkeleton } from '@/app/todos/todo-list-skeleton'
import { useBrowserTodos } from './use-browser-todos'

/** The list for the browser source: it loads and changes the todos from the browser. */
export function BrowserTodos({ userId }: { userId: string }) {
  const { loaded, save, retry, isRetrying } = useBrowserTodos()
  if (!loaded) return <TodoListSkeleton />
  if (loaded.ok) return <TodoList userId={userId} source={{ todos: loaded.value, save }} />
  return <LoadFailed problem={loaded.problem} isRetrying={isRetrying} onRetry={retry} />
}
