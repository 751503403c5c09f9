'use client'

import Link, { useLinkStatus } from 'next/link'
import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { cn } from '@/lib/cn'

type Props = {
  href: string
  icon: ReactNode
  children: ReactNode
  /** Such as a count. */
  end?: ReactNode
}

/** One line at the side: a view or a list. */
export function SideLink({ href, icon, children, end }: Props) {
  const isCurrent = usePathname() === href
  return (
    <Link
      href={href}
      // A page of one's own todos has no part that could be fetched before it is wanted.
      prefetch={false}
      aria-current={isCurrent ? 'page' : undefined}
      className={cn(
        'flex min-h-11 items-center gap-3 rounded-md px-3 py-1 text-sm hover:bg-accent [&_svg]:size-4 [&_svg]:shrink-0',
        isCurrent
          ? 'bg-accent font-medium text-accent-foreground forced-colors:outline-2'
          : 'text-muted-foreground hover:text-foreground',
      )}
    >
      {icon}
      <Label>{children}</Label>
      {end}
    </Link>
  )
}

/** Pulses while the clicked page takes long to load. */
function Label({ children }: { children: ReactNode }) {
  const { pending } = useLinkStatus()
  return (
    <span
      dir="auto"
      className={cn('min-w-0 flex-1 wrap-anywhere', pending && 'animate-pulse-late')}
    >
      {children}
    </span>
  )
}
