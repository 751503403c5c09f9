import type { Metadata } from 'next'
import { Room } from '../frame/room'
import { ROOMS } from '../rooms'

export const metadata: Metadata = { title: ROOMS.people.title }

export default function PeoplePage() {
  return (
    <Room room="people">
      <p className="text-muted-foreground">This room is being built.</p>
    </Room>
  )
}
