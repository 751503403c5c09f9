/** What is known of a token once its signature and its claims have been checked. */
import type { Claims } from './claims'

export type VerifiedToken = Claims & {
  /** The payload exactly as it was signed. */
  readonly payloadJson: string
  /** The roles that the token permits. */
  readonly roles: ReadonlySet<string>
}
