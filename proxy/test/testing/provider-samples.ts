/** Real tokens of each provider, with their configuration, and variants of other customers. */
import type { Claims } from './issuer'
import { PLATFORM_SAMPLES } from './platform-samples'
import { SERVICE_SAMPLES } from './service-samples'

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

export const SAMPLES: Readonly<Record<string, Sample>> = {
  ...SERVICE_SAMPLES,
  ...PLATFORM_SAMPLES,
}
