'use client'

import { FlaskConicalIcon } from 'lucide-react'
import { SideLink } from '@/app/shell/side-link'
import { pathOf, ROOM_NAMES, ROOMS } from '../rooms'

/** At the side on a wide screen, and in the drawer on a narrow one. */
export function RoomLinks() {
  return (
    <nav aria-label="Rooms of the lab" className="grid gap-0.5 p-3">
      <SideLink href="/lab" icon={<FlaskConicalIcon aria-hidden />}>
        The lab
      </SideLink>
      <ol role="list" className="grid gap-0.5">
        {ROOM_NAMES.map((room, index) => (
          <li key={room}>
            <SideLink
              href={pathOf(room)}
              icon={
                <span aria-hidden className="w-4 text-center tabular-nums">
                  {index + 1}
                </span>
              }
            >
              {ROOMS[room].title}
            </SideLink>
          </li>
        ))}
      </ol>
    </nav>
  )
}
