'use client'

import { GlobeIcon, ServerIcon } from 'lucide-react'
import Link from 'next/link'
import { usePathname, useSearchParams } from 'next/navigation'
import { pathIn, placeOf, places, type Place } from './place'
import { usePlace } from './use-place'

const looks = {
  server: { label: 'Server', icon: ServerIcon },
  browser: { label: 'Browser', icon: GlobeIcon },
}

/** Leads to the same view with its SQL sent from the other place. */
export function PlaceSwitch({ chosen }: { chosen: Place }) {
  const pathname = usePathname()
  const search = useSearchParams().toString()
  const current = usePlace(chosen)
  const query = placeOf(pathname) && search ? `?${search}` : ''

  return (
    <nav aria-label="Where SQL runs" className="flex flex-wrap gap-1 rounded-lg bg-muted p-1">
      {places.map((place) => {
        const { label, icon: Icon } = looks[place]
        return (
          <Link
            key={place}
            href={pathIn(place, pathname) + query}
            aria-current={place === current ? 'true' : undefined}
            prefetch={false}
            title={`Send SQL from the ${place}`}
            className="flex min-h-11 items-center gap-2 rounded-md px-3 text-sm text-muted-foreground hover:text-foreground aria-[current]:bg-card aria-[current]:font-medium aria-[current]:text-foreground aria-[current]:shadow-sm forced-colors:aria-[current]:outline-2"
          >
            <Icon aria-hidden className="size-4" />
            {label}
          </Link>
        )
      })}
    </nav>
  )
}
