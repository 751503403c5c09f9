/** The cookies that Clerk's server SDK reads, as the handshake has it set them on the app's origin. */
import { createHash } from 'node:crypto'
import { HANDSHAKE_SECONDS } from './handshakes'

const YEAR_SECONDS = 365 * 24 * 60 * 60

export type BrowserState = {
  devBrowser: string
  /** Null when nobody is signed in. */
  sessionToken: string | null
  /** Seconds since 1970 of the last sign-in; session tokens older than this are void. */
  signedInAt: number
}

/**
 * `Set-Cookie` values, each cookie twice: under its plain name, and under the one that keeps
 * applications on the same host apart.
 */
export function cookieDirectives(state: BrowserState, publishableKey: string): string[] {
  const { devBrowser, sessionToken, signedInAt } = state
  return ['', `_${cookieSuffix(publishableKey)}`].flatMap((suffix) => [
    cookie(`__clerk_db_jwt${suffix}`, devBrowser, YEAR_SECONDS),
    cookie(`__client_uat${suffix}`, String(sessionToken === null ? 0 : signedInAt), YEAR_SECONDS),
    // The token's own expiry counts: one that is expired still tells the SDK to come here again.
    cookie(`__session${suffix}`, sessionToken ?? '', sessionToken === null ? 0 : YEAR_SECONDS),
  ])
}

const NONCE = '__clerk_handshake_nonce'

/** Out of reach for scripts, and for other sites' requests. */
export function nonceCookie(nonce: string): string {
  return `${cookie(NONCE, nonce, HANDSHAKE_SECONDS)}; HttpOnly`
}

export const clearNonce = `${NONCE}=; Path=/; Max-Age=0; SameSite=Lax; HttpOnly`

/** The dev browser tokens that a `Cookie` header names, the application's own first. */
export function devBrowsersIn(header: string, publishableKey: string): string[] {
  const cookies = new Map(
    header.split(';').map((pair): [string, string] => {
      const [name = '', value = ''] = pair.trim().split('=', 2)
      return [name, value]
    }),
  )
  return [`_${cookieSuffix(publishableKey)}`, '']
    .map((suffix) => cookies.get(`__clerk_db_jwt${suffix}`))
    .filter((token) => token !== undefined)
}

/** As `getCookieSuffix` in @clerk/shared. */
function cookieSuffix(publishableKey: string): string {
  return createHash('sha1').update(publishableKey).digest('base64url').slice(0, 8)
}

function cookie(name: string, value: string, maxAgeSeconds: number): string {
  return `${name}=${value}; Path=/; Max-Age=${maxAgeSeconds}; SameSite=Lax`
}
