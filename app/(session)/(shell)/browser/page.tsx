import type { Metadata } from 'next'
import { NeedsScript } from '@/app/components/needs-script'
import { PageFrame } from '@/app/todos/page-frame'
import { requireSession } from '@/lib/auth/session'
import { BrowserTodos } from './browser-todos'

export const metadata: Metadata = { title: 'From the browser' }

const MINE = { name: 'mine' } as const

export default async function BrowserPage() {
  const { userId } = await requireSession()
  return (
    <PageFrame
      title="From the browser"
      description="This page sends its SQL itself, with your login. No server action, no API route."
    >
      <NeedsScript>
        This page sends its SQL with JavaScript, which is off or did not load.{' '}
        <a href="/server" className="text-primary underline underline-offset-4">
          Let the server send it
        </a>
        : that works without.
      </NeedsScript>
      <BrowserTodos key={userId} userId={userId} view={MINE} />
    </PageFrame>
  )
}
