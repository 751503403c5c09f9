import { useSyncExternalStore } from 'react'

const never = () => () => undefined

/** False in the server's HTML: a control that needs JavaScript is disabled until it works. */
export function useIsHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
}
