'use client'
/** A view of today, or of the days to come, as the user's own clock has it. */
import { useEffect, useMemo } from 'react'
import type { View } from '@/db/queries/views'
import { keepOnDevice } from '@/lib/device-cookie'
import { TIME_ZONE_COOKIE } from './day-in'
import { useLocalDay } from './use-local-now'

/** The server has guessed the day by the time zone that this page tells it for the next time. */
export function useOwnDay(view: View): View {
  const today = useLocalDay()
  const name = view.name === 'today' || view.name === 'upcoming' ? view.name : null

  useEffect(() => {
    if (name) keepOnDevice(TIME_ZONE_COOKIE, Intl.DateTimeFormat().resolvedOptions().timeZone)
  }, [name])

  return useMemo(
    () => (name === null || today === null ? view : { name, day: today }),
    [name, today, view],
  )
}
