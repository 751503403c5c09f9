import type { ReactNode } from 'react'
import { isLabOn } from '../lab-env'
import { ROOMS, type RoomName } from '../rooms'
import { LabOff } from './lab-off'

type Props = {
  room: RoomName
  children: ReactNode
  /** What stands in for the room where the lab is off: a recorded run. */
  recorded?: ReactNode
}

/** The frame of one room. Its parts are rendered only where the lab is on. */
export function Room({ room, children, recorded }: Props) {
  const { title, lead } = ROOMS[room]
  return (
    <main className="mx-auto grid w-full max-w-6xl grid-cols-1 content-start gap-6 px-4 py-6 sm:px-6 sm:py-8">
      <header className="grid gap-1">
        <h1 className="text-2xl font-semibold tracking-tight text-balance sm:text-3xl">{title}</h1>
        <p className="max-w-3xl text-pretty text-muted-foreground sm:text-lg">{lead}</p>
      </header>
      {isLabOn() ? (
        children
      ) : (
        <>
          <LabOff hasRecording={recorded !== undefined} />
          {recorded}
        </>
      )}
    </main>
  )
}
