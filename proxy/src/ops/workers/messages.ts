/** What the primary process and its workers say to each other. */
import type { Spent } from './rate-sharing'

export type FromWorker =
  | { readonly kind: 'listening'; readonly url: string }
  /** It could not start, and ends. */
  | { readonly kind: 'failed'; readonly sentence: string }
  | { readonly kind: 'spent'; readonly spent: Spent }

export type ToWorker =
  | { readonly kind: 'reload' }
  /** Finish what is in flight, then end. */
  | { readonly kind: 'stop' }
  | { readonly kind: 'spent'; readonly spent: Spent }
