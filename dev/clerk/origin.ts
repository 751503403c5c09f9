/** Only pages of this machine may talk to the emulator: it takes one well-known e-mail code. */
import type { IncomingHttpHeaders } from 'node:http'
import { ClerkError } from './errors'

/** An origin of this machine over http or https (RFC 6761 section 6.3, RFC 1122 section 3.2.1.3). */
export function isLoopback(url: URL): boolean {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return false
  const host = url.hostname
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
  )
}

/** @throws ClerkError when `text` is no address of this machine. */
export function loopbackUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && isLoopback(url)) return url
  throw new ClerkError(
    403,
    'origin_invalid',
    'The local Clerk serves only pages on localhost: open the app at its localhost address.',
  )
}

/**
 * The origin of the page that asks: what the browser says of it, else what the app's rewrite does.
 * @throws ClerkError when it is not on this machine, or when another name was resolved to this
 *   machine (DNS rebinding).
 */
export function pageOrigin(headers: IncomingHttpHeaders): string {
  const direct = loopbackUrl(`http://${headers.host ?? ''}`)
  const forwardedHost = first(headers['x-forwarded-host'])
  const forwarded =
    forwardedHost === undefined
      ? direct
      : loopbackUrl(`${first(headers['x-forwarded-proto']) ?? 'http'}://${forwardedHost}`)
  return headers.origin === undefined ? forwarded.origin : loopbackUrl(headers.origin).origin
}

/** A chain of proxies appends; the browser's own view comes first. */
function first(header: string | string[] | undefined): string | undefined {
  return [header].flat()[0]?.split(',')[0]?.trim()
}
