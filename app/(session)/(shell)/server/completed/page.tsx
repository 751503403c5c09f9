import type { Metadata } from 'next'
import { PageFrame } from '@/app/todos/page-frame'
import { viewTexts } from '@/app/todos/view-texts'
import { ServerList } from '../server-list'

export const metadata: Metadata = { title: viewTexts.completed.title }

export default function ServerCompletedPage({ searchParams }: PageProps<'/server/completed'>) {
  return (
    <PageFrame {...viewTexts.completed}>
      <ServerList view={{ name: 'completed' }} searchParams={searchParams} />
    </PageFrame>
  )
}
