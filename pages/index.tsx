/**
 * The landing page: a document that loads no script and makes no call, so that neither Clerk nor the database
 * nor a slow phone can delay it. Next's App Router sends its 130 kB of runtime with every page; this one is in
 * the Pages Router, which can leave it out.
 */
import type { GetServerSideProps } from 'next'
import Head from 'next/head'
import { PageLink } from '@/app/components/page-link'
import { SiteHeader } from '@/app/components/site-header'
import { buttonClass } from '@/app/components/ui/button'
import { AccountDeleted } from '@/app/home/account-deleted'
import { Commands } from '@/app/home/commands'
import { ExchangeSection } from '@/app/home/exchange/exchange-section'
import { Hero } from '@/app/home/hero'
import { Protection } from '@/app/home/protection'
import { parseTheme, THEME_COOKIE, type Theme } from '@/app/theme/theme'
import { demoSignInPath } from '@/lib/auth/demo-sign-in'
import { saysSignedIn } from '@/lib/auth/signed-in-hint'

/** Next's own check of types knows `maxDuration`, but not this option yet. */
export const config: { unstable_runtimeJS: false; maxDuration?: number } = {
  unstable_runtimeJS: false,
}

type Props = {
  theme: Theme
  isSignedIn: boolean
  isAccountDeleted: boolean
  demoSignIn: string | null
}

export const getServerSideProps: GetServerSideProps<Props> = ({ req, query }) =>
  Promise.resolve({
    props: {
      theme: parseTheme(req.cookies[THEME_COOKIE]),
      isSignedIn: saysSignedIn(req.cookies),
      isAccountDeleted: query.account === 'deleted',
      demoSignIn: demoSignInPath() ?? null,
    },
  })

export default function LandingPage({ isSignedIn, isAccountDeleted, demoSignIn }: Props) {
  return (
    <>
      <Head>
        <title>Todos: Postgres decides whose row it is</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          name="description"
          content="A todo app whose SQL runs on the server or straight from the browser, and in which row-level security decides whose row it is."
        />
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
      </Head>
      <SiteHeader>
        <PageLink
          href={isSignedIn ? '/todos' : '/sign-in'}
          className={buttonClass({ variant: 'outline', className: 'ml-auto' })}
        >
          {isSignedIn ? 'Your todos' : 'Sign in'}
        </PageLink>
      </SiteHeader>
      <main className="mx-auto flex w-full max-w-5xl flex-col gap-16 px-4 py-12 sm:px-6 sm:py-20">
        {isAccountDeleted && <AccountDeleted />}
        <Hero isSignedIn={isSignedIn} demoSignIn={demoSignIn} />
        <ExchangeSection />
        <Protection />
        <Commands />
      </main>
    </>
  )
}
