import type { ReactNode } from 'react'
import type { Answer } from './exchange'

const colors = { Alice: 'bg-alice', Bob: 'bg-bob' }

/** Who asks, with what identity, and what comes back. */
export function Message({
  answer: { who, userId },
  isShown,
  children,
}: {
  answer: Answer
  isShown: boolean
  children: ReactNode
}) {
  return (
    <div
      data-shown={isShown}
      className="grid content-start gap-3 rounded-xl border p-4 transition-opacity duration-300 data-[shown=false]:opacity-30"
    >
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span
          aria-hidden
          className={`grid size-8 place-content-center rounded-full text-sm font-medium text-white ${who === null ? 'bg-neutral-500' : colors[who]}`}
        >
          {who?.[0] ?? '?'}
        </span>
        <span className="font-medium">{who ?? 'Anyone'}</span>
        <code className="rounded-md bg-muted px-2 py-1 font-mono text-xs text-muted-foreground">
          {userId === null ? 'no token' : `token: sub = ${userId}`}
        </code>
      </p>
      {children}
    </div>
  )
}
