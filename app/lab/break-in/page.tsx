import type { Metadata } from 'next'
import { Room } from '../frame/room'
import { ROOMS } from '../rooms'

export const metadata: Metadata = { title: ROOMS['break-in'].title }

export default function BreakInPage() {
  return (
    <Room room="break-in">
      <p className="text-muted-foreground">This room is being built.</p>
    </Room>
  )
}
