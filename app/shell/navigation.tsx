'use client'

import { CalendarDaysIcon, CircleCheckBigIcon, InboxIcon, SunIcon } from 'lucide-react'
import { Logo } from '@/app/components/logo'
import { PageLink } from '@/app/components/page-link'
import { SideLists } from '@/app/lists/side-lists'
import type { Place } from './place'
import { SideLink } from './side-link'
import { usePlace } from './use-place'

const views = [
  { path: '', label: 'My todos', icon: <InboxIcon aria-hidden /> },
  { path: '/today', label: 'Today', icon: <SunIcon aria-hidden /> },
  { path: '/upcoming', label: 'Upcoming', icon: <CalendarDaysIcon aria-hidden /> },
  { path: '/completed', label: 'Completed', icon: <CircleCheckBigIcon aria-hidden /> },
]

/** What stands at the side on a wide screen, and in the drawer on a narrow one. */
export function Navigation({ chosen }: { chosen: Place }) {
  const place = usePlace(chosen)
  return (
    <div className="flex flex-col gap-6 p-3">
      <nav aria-label="Views" className="grid gap-6">
        <PageLink
          href="/"
          className="flex min-h-11 items-center gap-3 rounded-md px-3 font-semibold hover:bg-accent"
        >
          <Logo className="size-5" />
          Todos
        </PageLink>
        <ul role="list" className="grid gap-0.5">
          {views.map(({ path, label, icon }) => (
            <li key={path}>
              <SideLink href={`/${place}${path}`} icon={icon}>
                {label}
              </SideLink>
            </li>
          ))}
        </ul>
      </nav>
      <SideLists place={place} />
    </div>
  )
}
