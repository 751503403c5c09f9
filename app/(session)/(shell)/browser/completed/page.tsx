import type { Metadata } from 'next'
import { PageFrame } from '@/app/todos/page-frame'
import { viewTexts } from '@/app/todos/view-texts'
import { requireSession } from '@/lib/auth/session'
import { BrowserTodos } from '../browser-todos'
import { WithoutScript } from '../without-script'

export const metadata: Metadata = { title: viewTexts.completed.title }

export default async function BrowserCompletedPage() {
  const { userId } = await requireSession()
  return (
    <PageFrame {...viewTexts.completed}>
      <WithoutScript here="/server/completed" />
      <BrowserTodos key={userId} userId={userId} view={{ name: 'completed' }} />
    </PageFrame>
  )
}
