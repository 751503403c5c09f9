/** Auth0's routes below /auth, a session token that is never past its end, and what pages may load. */
import { NextResponse, type NextFetchEvent, type NextRequest } from 'next/server'
import { unavailablePage } from '../public-page'
import { auth0 } from './auth0'
import { contentSecurityPolicy } from './content-security-policy'

type Hook = (request: NextRequest, event: NextFetchEvent) => Promise<Response>

/** Returns a page that says so when Auth0 does not answer. */
export const authenticate: Hook = async (request) => {
  try {
    const answer = await auth0.middleware(request)
    if (request.nextUrl.pathname.startsWith('/auth/')) return answer
    const policy = contentSecurityPolicy(btoa(crypto.randomUUID()))
    const headers = new Headers(request.headers)
    // Next puts the nonce that it finds here on its own scripts.
    headers.set('content-security-policy', policy)
    const response = NextResponse.next({ request: { headers } })
    for (const cookie of answer.cookies.getAll()) response.cookies.set(cookie)
    response.headers.set('content-security-policy', policy)
    if (await auth0.getSession(request)) await renew(request, response)
    return response
  } catch {
    return unavailablePage(request)
  }
}

/** The one place that can keep a renewed token: a page may not set cookies. */
async function renew(request: NextRequest, response: NextResponse): Promise<void> {
  // Where Auth0 renews it no more, the page finds that there is no session.
  await auth0.getAccessToken(request, response).catch(() => undefined)
}
