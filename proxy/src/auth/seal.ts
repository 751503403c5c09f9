/** Seals verified claims so that SQL cannot forge them. auth.user_id() and auth.session() check the seal. */
import { createHmac } from 'node:crypto'
import { z } from 'zod'
import type { SessionKey } from './session-key'
import { numericDate, subject } from './tokens/claims'
import { LEEWAY_S } from './tokens/leeway'

const EXPIRY_DIGITS = 11
const LENGTH_DIGITS = 4

const sealable = z.object({ exp: numericDate.nonnegative(), sub: subject.default('') })

export type Sealed = {
  /** The result of auth.user_id(); '' for NULL. */
  readonly subject: string
  /** When the identity expires in Postgres, in seconds since 1970. */
  readonly expiresAt: number
}

/**
 * Seals the claims of a token whose signature has been checked.
 * @param payloadJson the token's payload exactly as it was signed
 * @param session by default the claims `sub` and `exp`, with the usual leeway
 * @returns without separators: 8 hex digits of key id, 64 of HMAC-SHA256 over the rest, 11 digits of
 * expiry (seconds since 1970), 4 of the subject's length, the subject, and the payload;
 * proxy/sql/04_identity.sql says why
 * @throws ZodError when the claims have no expiry, or a subject that cannot be sealed
 */
export function sealClaims(
  { kid, key }: SessionKey,
  payloadJson: string,
  session: Sealed = sessionOf(payloadJson),
): string {
  const { subject, expiresAt } = session
  const end = Math.min(expiresAt, 10 ** EXPIRY_DIGITS - 1)
  // Postgres counts code points, JavaScript's `length` UTF-16 units.
  const length = Array.from(subject).length
  const sealed = digits(end, EXPIRY_DIGITS) + digits(length, LENGTH_DIGITS) + subject + payloadJson
  return kid + createHmac('sha256', key).update(sealed, 'utf8').digest('hex') + sealed
}

function sessionOf(payloadJson: string): Sealed {
  const { exp, sub } = sealable.parse(JSON.parse(payloadJson))
  return { subject: sub, expiresAt: Math.floor(exp) + LEEWAY_S }
}

function digits(value: number, count: number): string {
  return String(value).padStart(count, '0')
}
