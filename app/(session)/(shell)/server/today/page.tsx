import type { Metadata } from 'next'
import { todayOfVisitor } from '@/app/todos/due/today-of-visitor'
import { PageFrame } from '@/app/todos/page-frame'
import { viewTexts } from '@/app/todos/view-texts'
import { ServerList } from '../server-list'

export const metadata: Metadata = { title: viewTexts.today.title }

export default async function ServerTodayPage({ searchParams }: PageProps<'/server/today'>) {
  return (
    <PageFrame {...viewTexts.today}>
      <ServerList
        view={{ name: 'today', day: await todayOfVisitor() }}
        searchParams={searchParams}
      />
    </PageFrame>
  )
}
