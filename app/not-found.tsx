import type { Metadata } from 'next'
import { CenteredMain } from './components/centered-main'
import { PageLink } from './components/page-link'
import { SiteHeader } from './components/site-header'
import { buttonClass } from './components/ui/button'

export const metadata: Metadata = { title: 'Page not found' }

export default function NotFound() {
  return (
    <>
      <SiteHeader />
      <CenteredMain>
        <h1 className="text-2xl font-semibold">There is no such page</h1>
        <p className="mt-2 mb-6 text-muted-foreground">The address may be old or mistyped.</p>
        <PageLink href="/" className={buttonClass()}>
          Go to the start page
        </PageLink>
      </CenteredMain>
    </>
  )
}
