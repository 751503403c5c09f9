/** What is known of a token once its signature and its claims have been checked. */
import type { Claims } from './claims'

export type VerifiedToken = Claims & {
  /** The payload exactly as it was signed. */
  readonly payloadJson: string
  /** What its bearer may ask to be. */
  readonly roles: ReadonlySet<string>
}
