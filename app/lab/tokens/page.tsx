import type { Metadata } from 'next'
import { Room } from '../frame/room'
import { ROOMS } from '../rooms'
import { World } from '../world/world'
import { RecordedRun } from './recorded-run'
import { TokensRoom } from './tokens-room'

export const metadata: Metadata = { title: ROOMS.tokens.title }

export default function TokensPage() {
  return (
    <Room room="tokens" recorded={<RecordedRun />}>
      <World order={{ variant: 'as shipped' }}>
        <TokensRoom />
      </World>
    </Room>
  )
}
