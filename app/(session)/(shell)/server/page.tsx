import type { Metadata } from 'next'
import { PageFrame } from '@/app/todos/page-frame'
import { loadTodos } from '@/app/todos/perform-change'
import { serverDb } from '@/lib/sql/server-db'
import { requireSession } from '@/lib/auth/session'
import { ServerTodos } from './server-todos'

export const metadata: Metadata = { title: 'From the server' }

export default async function ServerPage() {
  const { userId, token } = await requireSession()
  const loaded = await loadTodos(serverDb(token))
  return (
    <PageFrame
      title="From the server"
      description="This list was rendered on the server, which also sends each change to Postgres."
    >
      <ServerTodos key={userId} userId={userId} loaded={loaded} />
    </PageFrame>
  )
}
