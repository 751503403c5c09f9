/** Parses a token without trusting its content. Each mistake has its own message. */
import { z } from 'zod'
import { ProxyError } from '../../errors'
import { wrongType } from './claims'

/** In characters. Session tokens have a few kilobytes. */
export const MAX_TOKEN_LENGTH = 32 * 1024

const PART_NAMES = ['header', 'payload', 'signature'] as const

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const object = z.record(z.string(), z.unknown())

export type DecodedToken = {
  readonly algorithm: string
  readonly keyId: string | undefined
  readonly issuer: string | undefined
}

/**
 * Checked before the token is looked up or parsed.
 * @throws ProxyError token_too_large
 */
export function refuseTooLarge(token: string): void {
  if (token.length <= MAX_TOKEN_LENGTH) return
  throw new ProxyError(
    'token_too_large',
    `JWT token is too large: it has more than ${MAX_TOKEN_LENGTH} characters`,
    { hint: 'Configure the sign-in provider to put fewer claims into its session tokens.' },
  )
}

/** @throws ProxyError token_malformed, or token_claims_invalid for the issuer */
export function decodeToken(token: string): DecodedToken {
  const parts = token.split('.')
  if (parts.length !== PART_NAMES.length) throw malformed(notThree(parts.length))
  const [header, payload] = PART_NAMES.map((name, i) => bytesOf(parts[i] ?? '', name))
  const { alg, kid, crit } = objectOf(header, 'header')
  // `jku`, `x5u`, `jwk` and `x5c` are ignored: keys come from configured providers only.
  if (typeof alg !== 'string') throw malformed('its header names no algorithm (alg)')
  if (kid !== undefined && (typeof kid !== 'string' || kid === '')) {
    throw malformed('the key id (kid) in its header is not a string')
  }
  // RFC 7515, section 4.1.11: critical extensions must be understood, and none is supported.
  if (crit !== undefined) {
    throw malformed('its header demands extensions (crit), and none is supported')
  }
  const { iss } = objectOf(payload, 'payload')
  if (iss !== undefined && typeof iss !== 'string') throw wrongType('iss')
  return { algorithm: alg, keyId: kid, issuer: iss }
}

/** @throws ProxyError token_malformed */
export function utf8Of(bytes: Uint8Array | undefined, name: string): string {
  try {
    return strictUtf8.decode(bytes)
  } catch {
    throw malformed(`its ${name} is not UTF-8`)
  }
}

/** Accepts only the canonical base64url form: no padding, no leftover bits. */
function bytesOf(part: string, name: string): Buffer {
  if (part === '') throw malformed(`its ${name} is empty`)
  const bytes = Buffer.from(part, 'base64url')
  if (bytes.toString('base64url') !== part) throw malformed(`its ${name} is not base64url`)
  return bytes
}

function objectOf(bytes: Uint8Array | undefined, name: string): Record<string, unknown> {
  const text = utf8Of(bytes, name)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw malformed(`its ${name} is not JSON`)
  }
  const parsed = object.safeParse(value)
  if (!parsed.success) throw malformed(`its ${name} is not a JSON object`)
  return parsed.data
}

function notThree(count: number): string {
  // RFC 7516, section 3.1: an encrypted token has five parts.
  if (count === 5) return 'it is encrypted, where a signed token is needed'
  return `it has ${count} ${count === 1 ? 'part' : 'parts'}, where a signed token has three`
}

/** The words before the colon are Neon's. */
export function malformed(cause: string): ProxyError {
  return new ProxyError(
    'token_malformed',
    `Provided authentication token is not a valid JWT encoding: ${cause}`,
    { hint: 'Send the session token that your sign-in provider issued, unchanged.' },
  )
}
