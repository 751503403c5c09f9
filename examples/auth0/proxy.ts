/** Next's request hook (not the SQL proxy): Auth0's routes under /auth, and the one place that can keep a renewed token. */
import { NextResponse, type NextRequest } from 'next/server'
import { auth0 } from './lib/auth'

export async function proxy(request: NextRequest): Promise<NextResponse> {
  const response = await auth0.middleware(request)
  if (request.nextUrl.pathname.startsWith('/auth/')) return response
  if (!(await auth0.getSession(request))) return response
  try {
    await auth0.getAccessToken(request, response)
    return response
  } catch {
    // Auth0 renews this session no more.
    return NextResponse.redirect(new URL('/auth/logout', process.env.APP_BASE_URL), 303)
  }
}

export const config = { matcher: '/((?!_next/).*)' }
