/**
 * Answers a page that needs no session, without a call to anything else: it comes up even when the login
 * provider and the database do not.
 */
import { NextResponse, type NextRequest } from 'next/server'

const isDevelopment = process.env.NODE_ENV === 'development'

/** Such a page loads from this app only. */
function policyWith(scripts: string): string {
  return [
    "default-src 'none'",
    "base-uri 'none'",
    "connect-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "manifest-src 'self'",
    // Next's development server reloads pages by script.
    `script-src ${isDevelopment ? "'self' 'unsafe-inline' 'unsafe-eval'" : scripts}`,
    // Next's own error pages have style attributes.
    "style-src 'self' 'unsafe-inline'",
  ].join('; ')
}

/**
 * The answer to a request for the landing page, which runs no script at all; undefined for any other. A page is
 * only ever read: a server action may be posted to any path of the app, and must go past the check of its session.
 */
export function publicPage({ method, nextUrl }: NextRequest): NextResponse | undefined {
  if (nextUrl.pathname !== '/' || (method !== 'GET' && method !== 'HEAD')) return undefined
  return named(policyWith("'none'"), NextResponse.next())
}

/** In place of a page that needs a session, when there is no telling whose it is. */
export function unavailablePage(request: NextRequest): NextResponse {
  const { policy, headers } = withNonce(request)
  const page = new URL('/unavailable', request.url)
  return named(policy, NextResponse.rewrite(page, { request: { headers }, status: 503 }))
}

/** Next puts the nonce that it finds in the policy of a request on its own scripts. */
function withNonce(request: NextRequest): { policy: string; headers: Headers } {
  const policy = policyWith(`'nonce-${btoa(crypto.randomUUID())}' 'strict-dynamic'`)
  const headers = new Headers(request.headers)
  headers.set('content-security-policy', policy)
  return { policy, headers }
}

function named(policy: string, response: NextResponse): NextResponse {
  response.headers.set('content-security-policy', policy)
  return response
}
