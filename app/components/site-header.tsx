import type { ReactNode } from 'react'
import { Logo } from './logo'
import { PageLink } from './page-link'

/** The bar at the top of every page, with what the page adds at its end. */
export function SiteHeader({ children }: { children?: ReactNode }) {
  return (
    <header className="border-b bg-card">
      <div className="mx-auto flex min-h-16 max-w-5xl flex-wrap items-center gap-2 px-4 py-2 sm:gap-4 sm:px-6">
        <PageLink href="/" className="flex h-11 items-center gap-2 rounded-md pr-1 font-semibold">
          <Logo className="size-6" />
          Todos
        </PageLink>
        {children}
      </div>
    </header>
  )
}
