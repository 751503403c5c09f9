import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { FailureNote } from '@/app/lists/failure-note'
import { loadReported } from '@/app/moderate/load-reported'
import { ReportedTodos } from '@/app/moderate/reported-todos'
import { reason } from '@/app/todos/messages'
import { PageFrame } from '@/app/todos/page-frame'
import { requireSession } from '@/lib/auth/session'

export const metadata: Metadata = { title: 'Reported todos' }

export default async function ModeratePage() {
  const { token } = await requireSession()
  const loaded = await loadReported(token)
  // As for an address that does not exist: nobody else learns that there is such a page.
  if (!loaded.ok && loaded.problem === 'refused') notFound()
  return (
    <PageFrame
      title="Reported todos"
      description="What members of shared lists have reported, and nothing else of theirs."
    >
      {loaded.ok ? (
        <ReportedTodos reported={loaded.value} />
      ) : (
        <FailureNote failure={`The reports could not be loaded. ${reason(loaded.problem)}`} />
      )}
    </PageFrame>
  )
}
