import type { Metadata } from 'next'
import { ExchangeSection } from '@/app/home/exchange/exchange-section'
import { demoSignInPath } from '@/lib/auth/demo-sign-in'
import { currentSession } from '@/lib/auth/session'
import { Room } from '../frame/room'
import { SignInHere } from '../frame/sign-in-here'
import { ROOMS } from '../rooms'
import { PeopleRoom } from './people-room'

export const metadata: Metadata = { title: ROOMS.people.title }

export default async function PeoplePage() {
  const demo = demoSignInPath() ?? null
  const session = await currentSession()
  return (
    <Room room="people" recorded={<ExchangeSection />}>
      {demo === null && session === null ? (
        <SignInHere room="people">To stand beside a visitor without a token, sign in.</SignInHere>
      ) : (
        <PeopleRoom demo={demo} userId={session?.userId ?? null} />
      )}
    </Room>
  )
}
