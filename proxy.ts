/**
 * Next's request hook (Next 16 calls it "proxy"): it makes the user's session available to pages
 * and server actions. It is not the SQL proxy, which lives in the folder `proxy/` beside it.
 */
import type { NextFetchEvent, NextRequest } from 'next/server'
import { appOrigin, misdirected } from '@/lib/app-origin'
import { authenticate } from '@/lib/auth/middleware'
import { publicPage } from '@/lib/public-page'
import { readVariable } from '@/lib/read-variable'

const origin = readVariable('APP_ORIGIN', process.env.APP_ORIGIN, appOrigin)

export default function hook(request: NextRequest, event: NextFetchEvent) {
  const elsewhere = misdirected(request, origin)
  if (elsewhere) return elsewhere
  return publicPage(request) ?? authenticate(request, event)
}

export const config = {
  // Everything but Next's own files, the icon, robots.txt, the service worker, and Clerk's path on this origin: a hook
  // that intercepted its own handshake would redirect endlessly. Next reads this without running it.
  matcher: ['/((?!_next/|__clerk/|icon\\.svg|robots\\.txt|sw\\.js).*)'],
}
