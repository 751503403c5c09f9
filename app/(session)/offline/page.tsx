import type { Metadata } from 'next'
import { SiteHeader } from '@/app/components/site-header'
import { PageFrame } from '@/app/todos/page-frame'
import { OfflineTodos } from './offline-todos'

export const metadata: Metadata = { title: 'Offline', robots: { index: false } }

/** What the service worker (public/sw.js) shows where a page cannot be fetched: the same for everyone, because it fetches this without cookies. */
export default function OfflinePage() {
  return (
    <>
      <SiteHeader />
      <PageFrame
        title="You are offline"
        description="This page could not be fetched. It opens by itself when the connection is back."
      >
        <OfflineTodos />
      </PageFrame>
    </>
  )
}
