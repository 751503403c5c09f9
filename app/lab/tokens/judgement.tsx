import { CircleCheckIcon, OctagonXIcon } from 'lucide-react'
import type { Outcome } from '../service/api'
import { Checks } from '../trace/checks'
import { checksOf } from './judge'

/** What the proxy said to a token: each check, and the one that refused it. */
export function Judgement({ outcome }: { outcome: Outcome }) {
  const { error, results } = outcome
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
        <Checks checks={checksOf(outcome)} />
      </section>
    </>
  )
}
