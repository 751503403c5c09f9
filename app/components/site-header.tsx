import { ListChecksIcon } from 'lucide-react'
import Link from 'next/link'
import { AccountNav } from './account-nav'

export function SiteHeader() {
  return (
    <header className="border-b bg-card">
      <div className="mx-auto flex h-16 max-w-3xl items-center gap-2 px-4 sm:gap-4 sm:px-6">
        <Link href="/" className="flex h-10 items-center gap-2 rounded-md pr-1 font-semibold">
          <ListChecksIcon aria-hidden className="size-6 text-primary" />
          Todos
        </Link>
        <AccountNav />
      </div>
    </header>
  )
}
