import type { ReactNode } from 'react'
import { SiteHeader } from '@/app/components/site-header'

/** Of the pages for signing in and up. */
export default function EntryLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <SiteHeader />
      {children}
    </>
  )
}
