import type { Metadata } from 'next'
import { Room } from '../frame/room'
import { ROOMS } from '../rooms'

export const metadata: Metadata = { title: ROOMS.policies.title }

export default function PoliciesPage() {
  return (
    <Room room="policies">
      <p className="text-muted-foreground">This room is being built.</p>
    </Room>
  )
}
