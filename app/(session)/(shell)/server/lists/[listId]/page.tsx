import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { z } from 'zod'
import { ListNotHere } from '@/app/lists/list-not-here'
import { perform } from '@/app/lists/operations'
import { SharedList } from '@/app/lists/shared-list'
import { requireSession } from '@/lib/auth/session'
import { serverDb } from '@/lib/sql/server-db'
import { ServerList } from '../../server-list'

export const metadata: Metadata = { title: 'List' }

type Props = PageProps<'/server/lists/[listId]'>

export default async function ServerListPage({ params, searchParams }: Props) {
  const { listId } = await params
  if (!z.uuid().safeParse(listId).success) notFound()
  const { userId, token } = await requireSession()
  const list = await perform(serverDb(token), 'list', { listId })
  return (
    <main className="mx-auto w-full max-w-3xl flex-1 px-4 py-8 sm:px-6">
      {!list.ok && list.problem === 'gone' ? (
        <ListNotHere place="server" />
      ) : (
        <SharedList
          key={`${userId} ${listId}`}
          listId={listId}
          place="server"
          given={list.ok ? list.value : undefined}
        >
          <ServerList view={{ name: 'list', listId }} searchParams={searchParams} />
        </SharedList>
      )}
    </main>
  )
}
