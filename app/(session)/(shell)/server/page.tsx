import type { Metadata } from 'next'
import { PageFrame } from '@/app/todos/page-frame'
import { viewTexts } from '@/app/todos/view-texts'
import { ServerList } from './server-list'

export const metadata: Metadata = { title: viewTexts.mine.title }

export default function ServerPage({ searchParams }: PageProps<'/server'>) {
  return (
    <PageFrame {...viewTexts.mine}>
      <ServerList view={{ name: 'mine' }} searchParams={searchParams} />
    </PageFrame>
  )
}
