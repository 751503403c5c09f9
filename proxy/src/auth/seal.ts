/** Verified claims, sealed so that SQL cannot forge them; auth.user_id() and auth.session() check the seal. */
import { createHmac } from 'node:crypto'
import { z } from 'zod'
import type { SessionKey } from './session-key'
import { LEEWAY_S, numericDate, subject } from './tokens/claims'

const EXPIRY_DIGITS = 11
const LENGTH_DIGITS = 4

const sealable = z.object({ exp: numericDate.nonnegative(), sub: subject.default('') })

export type Sealed = {
  /** What auth.user_id() gives; '' for NULL. */
  readonly subject: string
  /** The second since 1970 at which Postgres stops believing it. */
  readonly expiresAt: number
}

/**
 * Seals the claims of a token whose signature has been checked.
 * @param payloadJson the token's payload exactly as it was signed
 * @param session unless given, what the claims `sub` and `exp` say, with the usual leeway
 * @returns 8 hex digits of key id, 64 of HMAC-SHA256 over what follows, 11 digits of the second at
 * which Postgres stops believing it, 4 of the subject's length, the subject, and the payload, with
 * nothing in between; proxy/sql/04_identity.sql says why
 * @throws ZodError when the claims have no expiry, or a subject that cannot be sealed
 */
export function sealClaims(
  { kid, key }: SessionKey,
  payloadJson: string,
  session: Sealed = sessionOf(payloadJson),
): string {
  const { subject, expiresAt } = session
  const end = Math.min(expiresAt, 10 ** EXPIRY_DIGITS - 1)
  // Characters as Postgres counts them, which are not JavaScript's.
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
