import type { ReactNode } from 'react'

/** In place of what cannot work without JavaScript. */
export function NeedsScript({ children }: { children: ReactNode }) {
  return (
    <noscript>
      <p className="mb-4 max-w-md rounded-xl border bg-card p-5 text-left">{children}</p>
    </noscript>
  )
}
