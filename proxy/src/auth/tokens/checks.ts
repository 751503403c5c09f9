/** The checks that each token must pass, in this order. */

export const CHECKS = [
  'size',
  'form',
  'issuer',
  'algorithm',
  'key',
  'signature',
  'claim types',
  'user',
  'expiry',
  'not before',
  'audience',
  'authorized party',
  'revocation',
  'role',
] as const

export type Check = (typeof CHECKS)[number]

/** Told of each check that a token has passed. */
export type OnPassed = (check: Check) => void

export const unwatched: OnPassed = () => undefined
