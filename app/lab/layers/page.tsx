import type { Metadata } from 'next'
import { Room } from '../frame/room'
import { ROOMS } from '../rooms'
import { Layers } from './layers'
import { RecordedRun } from './recorded-run'

export const metadata: Metadata = { title: ROOMS.layers.title }

export default function LayersPage() {
  return (
    <Room room="layers" recorded={<RecordedRun />}>
      <Layers />
    </Room>
  )
}
