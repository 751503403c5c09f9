/**
 * Next's request hook (Next 16 calls it "proxy"): it makes the user's session available to pages
 * and server actions. It is not the SQL proxy, which lives in the folder `proxy/` beside it.
 */
import { clerkMiddleware } from '@clerk/nextjs/server'
import type { NextFetchEvent, NextRequest } from 'next/server'
import { appOrigin, misdirected } from '@/lib/app-origin'
import { contentSecurityPolicy } from '@/lib/content-security-policy'
import { readVariable } from '@/lib/read-variable'

const origin = readVariable('APP_ORIGIN', process.env.APP_ORIGIN, appOrigin)
const clerk = clerkMiddleware({ contentSecurityPolicy })

export default function hook(request: NextRequest, event: NextFetchEvent) {
  return misdirected(request, origin) ?? clerk(request, event)
}

export const config = {
  // Everything but Next's own files, the icon, and Clerk's path on this origin: a hook that
  // intercepted its own handshake would redirect endlessly.
  matcher: ['/((?!_next/|__clerk/|icon\\.svg).*)'],
}
