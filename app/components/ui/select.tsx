import { ChevronDownIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import { cn } from '@/lib/cn'

/** The browser's own list of choices: on a phone it is the one that people know. */
export function Select({ className, ...props }: ComponentProps<'select'>) {
  return (
    <span className="relative inline-flex shrink-0">
      <select data-slot="select" className={cn('select', className)} {...props} />
      <ChevronDownIcon
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-3 size-4 -translate-y-1/2 text-muted-foreground"
      />
    </span>
  )
}
