import { saysSignedIn } from '@/lib/auth/signed-in-hint'
import { PageLink } from './components/page-link'
import { SiteHeader } from './components/site-header'
import { Button } from './components/ui/button'
import { EntryLinks } from './home/entry-links'
import { Introduction } from './home/introduction'
import { SignInLinks } from './home/sign-in-links'

/** Rendered without a call to Clerk or the database, so that neither can delay it. */
export default async function LandingPage() {
  const isSignedIn = await saysSignedIn()
  return (
    <>
      <SiteHeader>
        <Button asChild variant="outline" className="ml-auto h-11">
          {isSignedIn ? (
            <PageLink href="/server">Your todos</PageLink>
          ) : (
            <PageLink href="/sign-in">Sign in</PageLink>
          )}
        </Button>
      </SiteHeader>
      <main className="mx-auto flex w-full max-w-3xl flex-1 flex-col gap-10 px-4 py-16 sm:px-6 sm:py-24">
        <Introduction />
        {isSignedIn ? <EntryLinks /> : <SignInLinks />}
      </main>
    </>
  )
}
