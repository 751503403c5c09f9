import type { ReactNode } from 'react'
import { cn } from '@/lib/cn'

type Props = { label: string; className?: string; children: ReactNode }

/** Around a table that may be larger than its place: it scrolls by itself, with the keyboard, too. */
export function ScrollFrame({ label, className, children }: Props) {
  return (
    <div
      tabIndex={0}
      role="region"
      aria-label={label}
      className={cn('overflow-auto rounded-lg border bg-card', className)}
    >
      {children}
    </div>
  )
}
