import { PageLink } from '@/app/components/page-link'
import { buttonClass } from '@/app/components/ui/button'
import { DemoUsers } from './demo-users'

type Props = { isSignedIn: boolean; demoSignIn: string | null }

export function Hero({ isSignedIn, demoSignIn }: Props) {
  return (
    <section className="grid gap-6">
      <h1 className="text-4xl font-semibold tracking-tight text-balance wrap-anywhere sm:text-5xl">
        Postgres decides whose row it is.
      </h1>
      <p className="max-w-2xl text-lg text-pretty text-muted-foreground">
        A todo app whose SQL runs on the server, or straight from your browser. Either way it
        travels with your login, and row-level security answers with your rows and nobody else’s.
      </p>
      <div className="flex flex-wrap gap-3">
        {isSignedIn ? (
          <PageLink href="/todos" className={buttonClass({ size: 'lg' })}>
            Open your todos
          </PageLink>
        ) : (
          <>
            <PageLink href="/sign-up" className={buttonClass({ size: 'lg' })}>
              Sign up
            </PageLink>
            {demoSignIn !== null && <DemoUsers action={demoSignIn} />}
          </>
        )}
      </div>
    </section>
  )
}
