/**
 * Refuses public keys for which anyone can forge signatures, or that are too expensive to verify with.
 *
 * OpenSSL accepts an RSA exponent of 1 and Ed25519 points of small order. It refuses points that are
 * not on their curve itself, on import.
 */
import type { JWK } from 'jose'

/** RFC 7518, section 3.3. */
const MIN_MODULUS_BITS = 2048
/** Verifying with 8192 bits takes 0.3 ms; the cost grows with the square. */
const MAX_MODULUS_BITS = 8192
/** Same limit as Go's crypto/rsa. A long exponent makes verifying as expensive as signing. */
const MAX_EXPONENT = 2n ** 31n - 1n

/** @returns the problem, or undefined; keys of other types always pass */
export function keyProblem(key: JWK): string | undefined {
  if (key.kty === 'RSA') return rsaProblem(integer(key.n), integer(key.e))
  if (key.kty === 'OKP' && key.crv === 'Ed25519') return ed25519Problem(key.x)
  return undefined
}

/** The fast checks of NIST SP 800-89, section 5.3.3. */
function rsaProblem(modulus: bigint, exponent: bigint): string | undefined {
  if (exponent < 3n || exponent % 2n === 0n) return 'its exponent is even or less than 3'
  if (exponent > MAX_EXPONENT) return 'its exponent is longer than 31 bits'
  const bits = modulus.toString(2).length
  if (bits < MIN_MODULUS_BITS) return `its modulus has fewer than ${MIN_MODULUS_BITS} bits`
  if (bits > MAX_MODULUS_BITS) return `its modulus has more than ${MAX_MODULUS_BITS} bits`
  return hasSmallFactor(modulus) ? 'its modulus has a small factor' : undefined
}

function hasSmallFactor(modulus: bigint): boolean {
  for (let factor = 2n; factor < 752n; factor++) if (modulus % factor === 0n) return true
  return false
}

const P = 2n ** 255n - 19n
/** The y coordinates of the eight points whose order is 1, 2, 4 or 8 (RFC 7748, section 6.1, has the same curve). */
const Y_OF_ORDER_8 = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n
const SMALL_ORDER = new Set([0n, 1n, P - 1n, Y_OF_ORDER_8, P - Y_OF_ORDER_8])

/** With a key of small order, one signature is valid for any message, or for one in eight. */
function ed25519Problem(x: string | undefined): string | undefined {
  const bytes = Buffer.from(x ?? '', 'base64url').reverse()
  // The highest bit is the sign of the other coordinate (RFC 8032, section 5.1.2).
  const y = big(bytes) & (2n ** 255n - 1n)
  return SMALL_ORDER.has(y % P) ? 'it is a point of small order' : undefined
}

function integer(base64url: string | undefined): bigint {
  return big(Buffer.from(base64url ?? '', 'base64url'))
}

function big(bytes: Buffer): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${bytes.toString('hex')}`)
}
