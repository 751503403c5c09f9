import type { Metadata } from 'next'
import { todayOfVisitor } from '@/app/todos/due/today-of-visitor'
import { PageFrame } from '@/app/todos/page-frame'
import { viewTexts } from '@/app/todos/view-texts'
import { ServerList } from '../server-list'

export const metadata: Metadata = { title: viewTexts.upcoming.title }

export default async function ServerUpcomingPage({ searchParams }: PageProps<'/server/upcoming'>) {
  return (
    <PageFrame {...viewTexts.upcoming}>
      <ServerList
        view={{ name: 'upcoming', day: await todayOfVisitor() }}
        searchParams={searchParams}
      />
    </PageFrame>
  )
}
