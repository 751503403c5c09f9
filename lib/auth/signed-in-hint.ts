/**
 * Whether a browser says that it is signed in, from its cookies alone and with no call to Clerk. It decides
 * what a public page offers, never what it may show: anyone can write a cookie.
 */
import { createHash } from 'node:crypto'

/** The time of the last sign-in, or 0: Clerk keeps it for just this question. */
const NAME = '__client_uat'

export function saysSignedIn(cookies: Readonly<Partial<Record<string, string>>>): boolean {
  // The suffix keeps applications on the same host apart, as `getCookieSuffix` in @clerk/shared.
  const key = process.env.NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY ?? ''
  const suffix = createHash('sha1').update(key).digest('base64url').slice(0, 8)
  return Number(cookies[`${NAME}_${suffix}`] ?? cookies[NAME] ?? 0) > 0
}
