import { ListChecksIcon } from 'lucide-react'
import Link from 'next/link'
import { currentUserId } from '@/lib/session'
import { AccountButton } from './account-button'
import { NavLink } from './nav-link'

export async function SiteHeader() {
  const userId = await currentUserId()
  return (
    <header className="border-b bg-card">
      <div className="mx-auto flex h-16 max-w-3xl items-center gap-2 px-4 sm:gap-4 sm:px-6">
        <Link href="/" className="flex h-10 items-center gap-2 rounded-md pr-1 font-semibold">
          <ListChecksIcon aria-hidden className="size-6 text-primary" />
          Todos
        </Link>
        {userId && (
          <>
            <nav aria-label="Main" className="flex gap-1">
              <NavLink href="/server">Server</NavLink>
              <NavLink href="/browser">Browser</NavLink>
            </nav>
            <AccountButton />
          </>
        )}
      </div>
    </header>
  )
}
