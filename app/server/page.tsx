import type { Metadata } from 'next'
import { Suspense } from 'react'
import { PageFrame } from '@/app/todos/page-frame'
import { TodoListSkeleton } from '@/app/todos/todo-list-skeleton'
import { requireUserId } from '@/lib/session'
import { LoadTodos } from './load-todos'

export const metadata: Metadata = { title: 'From the server' }

export default async function ServerPage() {
  const userId = await requireUserId()
  return (
    <PageFrame
      title="From the server"
      description="This list was rendered on the server, which also sends each change to Postgres."
    >
      <Suspense fallback={<TodoListSkeleton />}>
        <LoadTodos userId={userId} />
      </Suspense>
    </PageFrame>
  )
}
