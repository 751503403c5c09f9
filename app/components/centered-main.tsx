import type { ReactNode } from 'react'

/** A page with centered content. */
export function CenteredMain({ children }: { children: ReactNode }) {
  return (
    <main className="flex flex-1 flex-col items-center justify-center px-4 py-10 text-center">
      {children}
    </main>
  )
}
