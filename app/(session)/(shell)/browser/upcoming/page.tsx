import type { Metadata } from 'next'
import { todayOfVisitor } from '@/app/todos/due/today-of-visitor'
import { PageFrame } from '@/app/todos/page-frame'
import { viewTexts } from '@/app/todos/view-texts'
import { requireSession } from '@/lib/auth/session'
import { BrowserTodos } from '../browser-todos'
import { WithoutScript } from '../without-script'

export const metadata: Metadata = { title: viewTexts.upcoming.title }

export default async function BrowserUpcomingPage() {
  const { userId } = await requireSession()
  return (
    <PageFrame {...viewTexts.upcoming}>
      <WithoutScript here="/server/upcoming" />
      <BrowserTodos
        key={userId}
        userId={userId}
        view={{ name: 'upcoming', day: await todayOfVisitor() }}
      />
    </PageFrame>
  )
}
