'use client'

import { usePathname } from 'next/navigation'
import { useEffect } from 'react'
import { keepOnDevice } from '@/lib/device-cookie'
import { PLACE_COOKIE, placeOf, type Place } from './place'

/** Where the SQL of this page runs, which this device remembers; `chosen` on a page that is in neither place. */
export function usePlace(chosen: Place): Place {
  const here = placeOf(usePathname())
  useEffect(() => {
    if (here) keepOnDevice(PLACE_COOKIE, here)
  }, [here])
  return here ?? chosen
}
