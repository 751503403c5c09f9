import type { Metadata } from 'next'
import { todayOfVisitor } from '@/app/todos/due/today-of-visitor'
import { PageFrame } from '@/app/todos/page-frame'
import { viewTexts } from '@/app/todos/view-texts'
import { requireSession } from '@/lib/auth/session'
import { BrowserTodos } from '../browser-todos'
import { WithoutScript } from '../without-script'

export const metadata: Metadata = { title: viewTexts.today.title }

export default async function BrowserTodayPage() {
  const { userId } = await requireSession()
  return (
    <PageFrame {...viewTexts.today}>
      <WithoutScript here="/server/today" />
      <BrowserTodos
        key={userId}
        userId={userId}
        view={{ name: 'today', day: await todayOfVisitor() }}
      />
    </PageFrame>
  )
}
