import type { Metadata } from 'next'
import { Room } from '../frame/room'
import { ROOMS } from '../rooms'
import { World } from '../world/world'
import { visibleNames } from '../editor/visible-names'
import { BreakIn } from './break-in'
import { RecordedRun } from './recorded-run'

export const metadata: Metadata = { title: ROOMS['break-in'].title }

export default function BreakInPage() {
  return (
    <Room room="break-in" recorded={<RecordedRun />}>
      <World order={{ variant: 'as shipped' }}>
        <BreakIn names={visibleNames()} />
      </World>
    </Room>
  )
}
