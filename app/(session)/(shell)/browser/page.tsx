import type { Metadata } from 'next'
import { PageFrame } from '@/app/todos/page-frame'
import { requireSession } from '@/lib/auth/session'
import { BrowserTodos } from './browser-todos'
import { WithoutScript } from './without-script'

export const metadata: Metadata = { title: 'From the browser' }

const MINE = { name: 'mine' } as const

export default async function BrowserPage() {
  const { userId } = await requireSession()
  return (
    <PageFrame
      title="From the browser"
      description="This page sends its SQL itself, with your login. No server action, no API route."
    >
      <WithoutScript here="/server" />
      <BrowserTodos key={userId} userId={userId} view={MINE} />
    </PageFrame>
  )
}
