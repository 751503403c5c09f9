import type { Metadata } from 'next'
import { CenteredMain } from '@/app/components/centered-main'
import { PageLink } from '@/app/components/page-link'
import { SiteHeader } from '@/app/components/site-header'
import { buttonClass } from '@/app/components/ui/button'

export const metadata: Metadata = { title: 'Not available' }

/** Shown at the address of a page that needs a session, while the login service does not answer. */
export default function UnavailablePage() {
  return (
    <>
      <SiteHeader />
      <CenteredMain>
        <h1 className="text-2xl font-semibold">The login service does not answer</h1>
        <p className="mt-2 mb-6 max-w-md text-pretty text-muted-foreground">
          Without it nobody can be sure that you are you, so your todos stay closed. What you saved
          is safe.
        </p>
        <PageLink href="" className={buttonClass()}>
          Try again
        </PageLink>
      </CenteredMain>
    </>
  )
}
