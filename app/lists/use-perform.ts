/** Runs an operation on lists where this page's SQL runs: in a server action, or from the browser itself. */
import { usePathname } from 'next/navigation'
import { useCallback } from 'react'
import { placeOf, type Place } from '@/app/shell/place'
import { useAsUser } from '@/lib/auth/use-as-user'
import { performOnServer } from './actions'
import type { Perform } from './operations'

/** @param place of a page that is in neither of both */
export function usePerform(place: Place = 'server'): Perform {
  const asUser = useAsUser()
  const where = placeOf(usePathname()) ?? place
  return useCallback(
    (name, input) =>
      asUser(async (token) => {
        if (where === 'server') return performOnServer(name, input)
        // The driver and the queries are not for pages whose SQL runs on the server.
        const { performInBrowser } = await import('./perform-in-browser')
        return performInBrowser(token, name, input)
      }),
    [asUser, where],
  )
}
