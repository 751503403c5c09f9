'use client'

import type { MouseEvent } from 'react'
import { cn } from '@/lib/cn'
import { filters, type Filter } from './filter'

const labels: Record<Filter, string> = { all: 'All', active: 'Active', completed: 'Completed' }

export function FilterLinks({ current }: { current: Filter }) {
  return (
    <nav aria-label="Filter" className="flex flex-wrap">
      {filters.map((filter) => (
        <a
          key={filter}
          href={filter === 'all' ? '?' : `?filter=${filter}`}
          aria-current={filter === current ? 'page' : undefined}
          onClick={changeAddressOnly}
          className={cn(
            'inline-flex h-11 min-w-11 items-center justify-center rounded-md px-2 sm:px-3 text-sm transition-colors hover:text-foreground',
            filter === current
              ? 'bg-secondary font-medium text-secondary-foreground'
              : 'text-muted-foreground',
          )}
        >
          {labels[filter]}
        </a>
      ))}
    </nav>
  )
}

/**
 * The list is already loaded, so a filter needs no request and works offline. Next's useSearchParams follows
 * pushState. Without JavaScript, or in a new tab, it is an ordinary link.
 */
function changeAddressOnly(event: MouseEvent<HTMLAnchorElement>) {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  event.preventDefault()
  const { pathname, search } = event.currentTarget
  window.history.pushState(null, '', pathname + search)
}
