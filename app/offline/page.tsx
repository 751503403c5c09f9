import type { Metadata } from 'next'
import { connection } from 'next/server'
import { SiteHeader } from '@/app/components/site-header'
import { PageFrame } from '@/app/todos/page-frame'
import { OfflineTodos } from './offline-todos'

export const metadata: Metadata = { title: 'Offline', robots: { index: false } }

/** What the service worker (public/sw.js) shows where a page cannot be fetched. The same for everyone. */
export default async function OfflinePage() {
  // Rendered for each request: its scripts carry the nonce of the answer's Content-Security-Policy.
  await connection()
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
