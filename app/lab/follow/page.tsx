import type { Metadata } from 'next'
import { Room } from '../frame/room'
import { ROOMS } from '../rooms'

export const metadata: Metadata = { title: ROOMS.follow.title }

export default function FollowPage() {
  return (
    <Room room="follow">
      <p className="text-muted-foreground">This room is being built.</p>
    </Room>
  )
}
