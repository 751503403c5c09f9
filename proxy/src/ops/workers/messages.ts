/** Messages between the primary process and its workers. */
import type { Spent } from './rate-sharing'
import type { SessionCounts } from './session-counts'

/** A CancelRequest for a session of another process; the key is in base64. */
export type CancelMessage = {
  readonly kind: 'cancel'
  readonly processId: number
  readonly secretKey: string
}

export type SessionsMessage = { readonly kind: 'sessions'; readonly counts: SessionCounts }

export type FromWorker =
  | CancelMessage
  | { readonly kind: 'listening'; readonly url: string }
  /** The worker could not start and will exit. */
  | { readonly kind: 'failed'; readonly sentence: string }
  /** Its warm-up is over. */
  | { readonly kind: 'warm' }
  | { readonly kind: 'spent'; readonly spent: Spent }
  /** Its sessions of the users whose counts have changed. */
  | SessionsMessage

export type ToWorker =
  | CancelMessage
  | { readonly kind: 'reload' }
  /** Finish requests in flight, then exit. */
  | { readonly kind: 'stop' }
  /** Every worker is warm, so that all may say that they are ready. */
  | { readonly kind: 'all-warm' }
  | { readonly kind: 'spent'; readonly spent: Spent }
  /** Those of the other workers. */
  | SessionsMessage
