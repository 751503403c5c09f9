import type { Metadata } from 'next'
import { Room } from '../frame/room'
import { ROOMS } from '../rooms'

export const metadata: Metadata = { title: ROOMS.tokens.title }

export default function TokensPage() {
  return (
    <Room room="tokens">
      <p className="text-muted-foreground">This room is being built.</p>
    </Room>
  )
}
