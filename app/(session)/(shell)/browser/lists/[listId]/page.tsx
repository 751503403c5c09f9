import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { z } from 'zod'
import { SharedList } from '@/app/lists/shared-list'
import { requireSession } from '@/lib/auth/session'
import { BrowserTodos } from '../../browser-todos'
import { WithoutScript } from '../../without-script'

export const metadata: Metadata = { title: 'List' }

export default async function BrowserListPage({ params }: PageProps<'/browser/lists/[listId]'>) {
  const { listId } = await params
  if (!z.uuid().safeParse(listId).success) notFound()
  const { userId } = await requireSession()
  return (
    <main className="mx-auto w-full max-w-3xl flex-1 px-4 py-8 sm:px-6">
      <WithoutScript here={`/server/lists/${listId}`} />
      <SharedList key={`${userId} ${listId}`} listId={listId} place="browser" given={undefined}>
        <BrowserTodos userId={userId} view={{ name: 'list', listId }} />
      </SharedList>
    </main>
  )
}
