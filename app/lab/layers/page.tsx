import type { Metadata } from 'next'
import { Room } from '../frame/room'
import { ROOMS } from '../rooms'

export const metadata: Metadata = { title: ROOMS.layers.title }

export default function LayersPage() {
  return (
    <Room room="layers">
      <p className="text-muted-foreground">This room is being built.</p>
    </Room>
  )
}
