import Link from 'next/link'
import { pathOf, ROOM_NAMES, ROOMS } from '../rooms'

export function RoomCards() {
  return (
    <ol role="list" className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
      {ROOM_NAMES.map((room, index) => (
        <li
          key={room}
          className="relative flex gap-4 rounded-xl border bg-card p-4 shadow-sm hover:border-primary sm:p-5"
        >
          <span
            aria-hidden
            className="grid size-9 shrink-0 place-content-center rounded-full bg-primary font-semibold text-primary-foreground tabular-nums"
          >
            {index + 1}
          </span>
          <div className="grid content-start gap-1">
            <h2 className="text-lg font-semibold">
              <Link
                href={pathOf(room)}
                prefetch={false}
                // The whole card is its target.
                className="after:absolute after:inset-0 after:rounded-xl"
              >
                {ROOMS[room].title}
              </Link>
            </h2>
            <p className="text-pretty text-muted-foreground">{ROOMS[room].lead}</p>
          </div>
        </li>
      ))}
    </ol>
  )
}
