/** A provider's token, and what configures it. */
import type { Claims } from './issuer'

export type Sample = {
  /** One line of PROXY_JWT_PROVIDERS. */
  readonly config: Record<string, unknown>
  /** The expected address of its keys. */
  readonly jwksUrl: string
  /** Without `exp`, which the test adds. */
  readonly claims: Claims
  /** The difference in a token of another customer, application or client. */
  readonly anothers: Claims
  readonly alg?: 'ES256'
  readonly header?: Record<string, unknown>
}
