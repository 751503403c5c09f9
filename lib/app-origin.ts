/**
 * Keeps redirects on the app's configured origin: those to sign in are built from the request's Host
 * and X-Forwarded-Host, which anyone can write.
 */

import { z } from 'zod'

/** How APP_ORIGIN is read. Required: without it, a forged header would decide where a redirect leads. */
export const appOrigin = {
  schema: z.url({ protocol: /^https?$/ }).refine((url) => new URL(url).origin === url),
  expected:
    'the address under which people reach the app: scheme, host and port, and nothing after them',
  example: 'https://todos.example.com',
}

/** Headers with the requested host; the first value of the first one present counts. */
const HOST_HEADERS = ['x-forwarded-host', 'host']

/**
 * @param origin such as `https://todos.example`
 * @returns the answer to a request for another host; undefined for a request that may continue
 */
export function misdirected(request: Request, origin: string): Response | undefined {
  const app = new URL(origin)
  // Not compared with the app's scheme: a load balancer may use https without saying so.
  const isWeb = /^(https?)?$/.test(firstValue(request, ['x-forwarded-proto']))
  if (firstValue(request, HOST_HEADERS).toLowerCase() === app.host && isWeb) return undefined
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return new Response('This request is for another host.', { status: 421 })
  }
  const { pathname, search } = new URL(request.url)
  const headers = { location: `${app.origin}${pathname}${search}`, 'cache-control': 'no-store' }
  return new Response(null, { status: 307, headers })
}

function firstValue({ headers }: Request, names: readonly string[]): string {
  const value = names.map((name) => headers.get(name)).find((found) => found !== null)
  return value?.split(',')[0]?.trim() ?? ''
}
