/**
 * Next's request hook (Next 16 calls it "proxy"): it makes the user's session available to pages
 * and server actions. It is not the SQL proxy, which lives in the folder `proxy/` beside it.
 */
import { clerkMiddleware } from '@clerk/nextjs/server'

export default clerkMiddleware()

export const config = {
  // Everything but Next's own files, files with an extension, and Clerk's path on this origin:
  // a hook that intercepted its own handshake would redirect for ever.
  matcher: ['/((?!_next|__clerk|[^?]*\\.(?:html?|css|js|ico|png|svg|webp|woff2?|txt|map)).*)'],
}
