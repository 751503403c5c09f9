/** Divides limits that apply to all workers together. */
import type { Limits } from '../../config/config'

/** A worker's variables, which replace those of the primary process. */
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

/** The shares add up to the total, unless that is less than one per worker. */
function shareOf(total: number, workers: number, index: number): number {
  const share = Math.floor(total / workers) + (index < total % workers ? 1 : 0)
  return Math.max(share, Math.min(1, total))
}
