/**
 * Answers a page that needs no session, without a call to anything else: it comes up even when the login
 * provider and the database do not.
 */
import { NextResponse, type NextRequest } from 'next/server'

/** Such a page loads from this app only. Next puts the nonce that it finds here on its own scripts. */
export function publicPagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "base-uri 'none'",
    "connect-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "manifest-src 'self'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${process.env.NODE_ENV === 'development' ? " 'unsafe-eval'" : ''}`,
    // Next's own error pages have style attributes.
    "style-src 'self' 'unsafe-inline'",
  ].join('; ')
}

/**
 * A page is only ever read. A server action may be posted to any path of the app, and must go past the
 * check of its session.
 */
export function isPublicPage({ method, nextUrl }: NextRequest): boolean {
  return nextUrl.pathname === '/' && (method === 'GET' || method === 'HEAD')
}

export function publicPage(request: NextRequest): NextResponse {
  const { policy, headers } = withPolicy(request)
  return named(policy, NextResponse.next({ request: { headers } }))
}

/** In place of a page that needs a session, when there is no telling whose it is. */
export function unavailablePage(request: NextRequest): NextResponse {
  const { policy, headers } = withPolicy(request)
  const page = new URL('/unavailable', request.url)
  return named(policy, NextResponse.rewrite(page, { request: { headers }, status: 503 }))
}

function withPolicy(request: NextRequest): { policy: string; headers: Headers } {
  const policy = publicPagePolicy(btoa(crypto.randomUUID()))
  const headers = new Headers(request.headers)
  headers.set('content-security-policy', policy)
  return { policy, headers }
}

function named(policy: string, response: NextResponse): NextResponse {
  response.headers.set('content-security-policy', policy)
  return response
}
