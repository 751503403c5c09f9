'use client'

import { useSyncExternalStore, type ReactNode } from 'react'

const never = () => () => undefined

/** Controls that need JavaScript: disabled in the server's HTML until they work. */
export function Interactive({ children }: { children: ReactNode }) {
  const isHydrated = useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
  return (
    <fieldset disabled={!isHydrated} className="contents">
      {children}
    </fieldset>
  )
}
