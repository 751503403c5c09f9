import type { Metadata } from 'next'
import { demoSignInPath } from '@/lib/auth/demo-sign-in'
import { currentSession } from '@/lib/auth/session'
import { Room } from '../frame/room'
import { ROOMS } from '../rooms'
import { World } from '../world/world'
import { knownNames } from '../editor/known-names'
import { BreakIn } from './break-in'
import { RecordedRun } from './recorded-run'

export const metadata: Metadata = { title: ROOMS['break-in'].title }

export default async function BreakInPage() {
  const session = await currentSession()
  const self = session && { userId: session.userId, demo: demoSignInPath() ?? null }
  return (
    <Room room="break-in" recorded={<RecordedRun />}>
      <World order={{ variant: 'as shipped' }}>
        <BreakIn key={self?.userId} names={await knownNames()} self={self} />
      </World>
    </Room>
  )
}
