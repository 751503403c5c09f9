import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { z } from 'zod'
import { CenteredMain } from '@/app/components/centered-main'
import { JoinList } from '@/app/join/join-list'
import { chosenPlace } from '@/app/shell/chosen-place'

export const metadata: Metadata = {
  title: 'Join a list',
  // The address is a key: no search engine, and no site that is linked to, is to know it.
  robots: { index: false },
  referrer: 'no-referrer',
}

export default async function JoinPage({ params }: PageProps<'/join/[listId]'>) {
  const { listId } = await params
  if (!z.uuid().safeParse(listId).success) notFound()
  return (
    <CenteredMain>
      <JoinList listId={listId} place={await chosenPlace()} />
    </CenteredMain>
  )
}
