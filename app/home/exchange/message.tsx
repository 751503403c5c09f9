import type { ReactNode } from 'react'
import type { Answer } from './exchange'

const colors = { Alice: 'bg-alice', Bob: 'bg-bob' }

/** Who asks, with what identity, and what comes back. */
export function Message({ answer, children }: { answer: Answer; children: ReactNode }) {
  const { who, userId } = answer
  return (
    <div className="grid content-start gap-3 rounded-xl border p-4">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span
          aria-hidden
          className={`grid size-8 place-content-center rounded-full text-sm font-medium text-white ${who === null ? 'bg-neutral-600' : colors[who]}`}
        >
          {who?.[0] ?? '?'}
        </span>
        <span className="font-medium">{who ?? 'Anyone'}</span>
        <code className="min-w-0 wrap-anywhere rounded-md bg-muted px-2 py-1 font-mono text-xs text-muted-foreground">
          {userId === null ? 'no token' : `token: sub = ${userId}`}
        </code>
      </p>
      {children}
    </div>
  )
}
