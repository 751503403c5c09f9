import type { Metadata } from 'next'
import { Room } from '../frame/room'
import { ROOMS } from '../rooms'
import { Endpoints } from './endpoints-list'
import { recorded } from './recorded'

export const metadata: Metadata = { title: ROOMS['before-after'].title }

export default function BeforeAfterPage() {
  return (
    <Room room="before-after" recorded={<Endpoints recorded={recorded} />}>
      <Endpoints />
    </Room>
  )
}
