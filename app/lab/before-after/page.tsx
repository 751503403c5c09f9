import type { Metadata } from 'next'
import { Room } from '../frame/room'
import { ROOMS } from '../rooms'

export const metadata: Metadata = { title: ROOMS['before-after'].title }

export default function BeforeAfterPage() {
  return (
    <Room room="before-after">
      <p className="text-muted-foreground">This room is being built.</p>
    </Room>
  )
}
