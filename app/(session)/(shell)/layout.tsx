import type { ReactNode } from 'react'
import { AccountNav } from '@/app/components/account-nav'
import { SiteHeader } from '@/app/components/site-header'

/** Of the pages for signed-in users. */
export default function ShellLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <SiteHeader>
        <AccountNav />
      </SiteHeader>
      {children}
    </>
  )
}
