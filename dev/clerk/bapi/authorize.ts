/** The Backend API is for servers that know the secret key. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { ClerkError } from '../errors'
import type { Handler } from '../router'

/** @throws ClerkError (401) unless the request carries the secret key as its Bearer token. */
export function withSecretKey(handle: Handler): Handler {
  return (clerk, request) => {
    const [, given] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? []
    if (given === undefined) {
      throw new ClerkError(
        401,
        'authorization_header_format_invalid',
        'Send the secret key as `Authorization: Bearer sk_…`.',
      )
    }
    if (!isSame(given, clerk.secretKey)) {
      throw new ClerkError(
        401,
        'clerk_key_invalid',
        'The secret key is not the one that the local Clerk was started with: check CLERK_SECRET_KEY.',
      )
    }
    return handle(clerk, request)
  }
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map((text) => createHash('sha256').update(text).digest())
  return a !== undefined && b !== undefined && timingSafeEqual(a, b)
}
