import type { Metadata } from 'next'
import { currentSession } from '@/lib/auth/session'
import { Room } from '../frame/room'
import { SignInHere } from '../frame/sign-in-here'
import { ROOMS } from '../rooms'
import { FollowRoom } from './follow-room'
import { RecordedRun } from './recorded-run'

export const metadata: Metadata = { title: ROOMS.follow.title }

export default async function FollowPage() {
  const session = await currentSession()
  return (
    <Room room="follow" recorded={<RecordedRun />}>
      {session === null ? (
        <>
          <SignInHere room="follow">To send requests of your own, sign in.</SignInHere>
          <RecordedRun />
        </>
      ) : (
        <FollowRoom />
      )}
    </Room>
  )
}
