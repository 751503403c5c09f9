import type { Metadata } from 'next'
import { PageFrame } from '@/app/todos/page-frame'
import { viewTexts } from '@/app/todos/view-texts'
import { requireSession } from '@/lib/auth/session'
import { BrowserTodos } from './browser-todos'
import { WithoutScript } from './without-script'

export const metadata: Metadata = { title: viewTexts.mine.title }

const MINE = { name: 'mine' } as const

export default async function BrowserPage() {
  const { userId } = await requireSession()
  return (
    <PageFrame {...viewTexts.mine}>
      <WithoutScript here="/server" />
      <BrowserTodos key={userId} userId={userId} view={MINE} />
    </PageFrame>
  )
}
