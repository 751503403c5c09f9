import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { z } from 'zod'
import { ListNotHere } from '@/app/lists/list-not-here'
import { loadList } from '@/app/lists/load-list'
import { SharedList } from '@/app/lists/shared-list'
import { requireSession } from '@/lib/auth/session'
import { ServerList } from '../../server-list'

type Props = PageProps<'/server/lists/[listId]'>

const isId = (listId: string) => z.uuid().safeParse(listId).success

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { listId } = await params
  const list = isId(listId) ? await loadList(listId) : null
  return { title: list?.ok ? list.value.name : 'List' }
}

export default async function ServerListPage({ params, searchParams }: Props) {
  const { listId } = await params
  if (!isId(listId)) notFound()
  const { userId } = await requireSession()
  const list = await loadList(listId)
  return (
    <main className="mx-auto w-full max-w-3xl flex-1 px-4 py-8 sm:px-6">
      {list?.ok === false && list.problem === 'gone' ? (
        <ListNotHere place="server" />
      ) : (
        <SharedList
          key={`${userId} ${listId}`}
          listId={listId}
          place="server"
          given={list?.ok ? list.value : undefined}
        >
          <ServerList view={{ name: 'list', listId }} searchParams={searchParams} />
        </SharedList>
      )}
    </main>
  )
}
