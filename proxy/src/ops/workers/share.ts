/** What one worker gets of that which is counted for all of them together. */
import type { Limits } from '../../config/config'

/** Variables that stand for those of the primary process. */
export function variablesOfWorker(
  { poolSize, queueLength }: Pick<Limits, 'poolSize' | 'queueLength'>,
  workers: number,
  index: number,
): Record<string, string> {
  return {
    PROXY_POOL_SIZE: String(shareOf(poolSize, workers, index)),
    PROXY_QUEUE_LENGTH: String(shareOf(queueLength, workers, index)),
  }
}

/** Adds up to the total, unless that is too little for everybody to have one. */
function shareOf(total: number, workers: number, index: number): number {
  const share = Math.floor(total / workers) + (index < total % workers ? 1 : 0)
  return Math.max(share, Math.min(1, total))
}
