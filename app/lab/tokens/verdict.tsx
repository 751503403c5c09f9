import { CircleCheckIcon, OctagonXIcon } from 'lucide-react'
import { Code } from '../frame/code'
import type { Made, Outcome } from '../service/api'
import { Checks } from '../trace/checks'
import { trace } from '../trace/trace'
import { TokenText } from './token-text'

export type Judged = { readonly made: Made; readonly outcome: Outcome }

/** What the proxy said to a token: each check, and the one that refused it. */
export function Verdict({ made, outcome }: Judged) {
  const { error, results } = outcome
  const steps = trace.safeParse(outcome.trace).data ?? []
  const checks = steps.find((step) => step.step === 'checks')?.checks ?? []
  return (
    <>
      {error === null ? (
        <p className="flex items-start gap-3 rounded-xl border bg-card p-4 text-lg">
          <CircleCheckIcon aria-hidden className="mt-1 size-5 shrink-0 text-primary" />
          <span className="wrap-anywhere">
            <strong className="font-semibold">Accepted.</strong> auth.user_id() is{' '}
            <code className="font-mono">{results[0]?.rows[0]?.[0] ?? 'null'}</code>
          </span>
        </p>
      ) : (
        <p className="flex items-start gap-3 rounded-xl border border-destructive/40 bg-destructive/8 p-4 text-lg">
          <OctagonXIcon aria-hidden className="mt-1 size-5 shrink-0 text-destructive" />
          <span className="wrap-anywhere">
            <strong className="font-semibold">Refused</strong> with{' '}
            <code className="font-mono">{error.proxyCode ?? error.code}</code>
            <span className="block text-base">{error.message}</span>
          </span>
        </p>
      )}
      <section aria-label="Checks" className="grid gap-3 rounded-xl border bg-card p-4">
        <h2 className="font-semibold">What the proxy checked, in this order</h2>
        <Checks checks={checks} />
      </section>
      <section
        aria-label="The token"
        className="grid grid-cols-1 gap-3 rounded-xl border bg-card p-4"
      >
        <h2 className="font-semibold">The token that was sent</h2>
        <TokenText token={made.token} />
        <div className="grid grid-cols-1 gap-3 xl:grid-cols-2">
          <Code>{JSON.stringify(made.header, null, 2)}</Code>
          <Code>{JSON.stringify(made.claims, null, 2)}</Code>
        </div>
      </section>
    </>
  )
}
