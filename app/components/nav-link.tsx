'use client'

import Link, { useLinkStatus } from 'next/link'
import { usePathname } from 'next/navigation'
import { cn } from '@/lib/cn'

export function NavLink({ href, children }: { href: '/server' | '/browser'; children: string }) {
  const isCurrent = usePathname() === href
  return (
    <Link
      href={href}
      aria-current={isCurrent ? 'page' : undefined}
      className={cn(
        'inline-flex h-10 items-center rounded-md px-3 text-sm transition-colors hover:text-foreground',
        isCurrent ? 'bg-secondary font-medium text-secondary-foreground' : 'text-muted-foreground',
      )}
    >
      <Label>{children}</Label>
    </Link>
  )
}

/** Pulses while the clicked page takes long to load. */
function Label({ children }: { children: string }) {
  const { pending } = useLinkStatus()
  return <span className={cn(pending && 'animate-pulse-late')}>{children}</span>
}
