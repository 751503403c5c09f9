import { saysSignedIn } from '@/lib/auth/signed-in-hint'
import { PageLink } from './components/page-link'
import { SiteHeader } from './components/site-header'
import { Button } from './components/ui/button'
import { AccountDeleted } from './home/account-deleted'
import { Commands } from './home/commands'
import { ExchangeSection } from './home/exchange/exchange-section'
import { Hero } from './home/hero'
import { Protection } from './home/protection'

/** Rendered without a call to Clerk or the database, so that neither can delay it. */
export default async function LandingPage({ searchParams }: PageProps<'/'>) {
  const { account } = await searchParams
  const isSignedIn = await saysSignedIn()
  return (
    <>
      <SiteHeader>
        <Button asChild variant="outline" className="ml-auto h-11">
          {isSignedIn ? (
            <PageLink href="/todos">Your todos</PageLink>
          ) : (
            <PageLink href="/sign-in">Sign in</PageLink>
          )}
        </Button>
      </SiteHeader>
      <main className="mx-auto flex w-full max-w-5xl flex-1 flex-col gap-16 px-4 py-12 sm:px-6 sm:py-20">
        {account === 'deleted' && <AccountDeleted />}
        <Hero isSignedIn={isSignedIn} />
        <ExchangeSection />
        <Protection />
        <Commands />
      </main>
    </>
  )
}
