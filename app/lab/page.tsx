import type { Metadata } from 'next'
import { RoomCards } from './frame/room-cards'
import { LabOff } from './frame/lab-off'
import { isLabOn } from './lab-env'

export const metadata: Metadata = { title: 'The lab' }

/** The entrance: what the lab is for, and the way into each room. */
export default function LabPage() {
  return (
    <main className="mx-auto grid w-full max-w-6xl grid-cols-1 content-start gap-6 px-4 py-6 sm:px-6 sm:py-8">
      <header className="grid gap-2">
        <h1 className="text-3xl font-semibold tracking-tight text-balance sm:text-4xl">
          Row-level security, to see, to touch and to try to break
        </h1>
        <p className="max-w-3xl text-pretty text-muted-foreground sm:text-lg">
          Everything here is real: real requests with real tokens, real policies in a real Postgres.
          It all runs on this machine, so it works with no internet.
        </p>
      </header>
      {!isLabOn() && <LabOff hasRecording={false} />}
      <RoomCards />
    </main>
  )
}
