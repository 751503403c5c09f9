/** Parses small bodies immediately, and large ones off the event loop. */
import { WorkEnded, type WorkThreads } from '../threads/work-threads'
import type { WorkContext } from '../threads/work-context'
import { bodyInvalid, parseBody, type SqlRequest } from './body'

/** Returns a promise for a large body only. */
export type ParseBody = (
  bytes: Uint8Array,
  context: WorkContext,
) => SqlRequest | Promise<SqlRequest>

/** A body of this size blocks the event loop for less than 2 ms, whatever its content. */
const MAX_INLINE_BYTES = 64 * 1024
/** 10 MB take 30 to 800 ms, depending on the content. */
const CPU_MS = 500
const CPU_MS_PER_MB = 200

export function createParseBody(threads: WorkThreads): ParseBody {
  const parseElsewhere = async (bytes: Uint8Array, context: WorkContext): Promise<SqlRequest> => {
    const budgetMs = CPU_MS + (CPU_MS_PER_MB * bytes.length) / 1e6
    try {
      return await threads.run('parseBody', bytes, context, budgetMs)
    } catch (error) {
      if (!(error instanceof WorkEnded)) throw error
      throw bodyInvalid('it takes too much time or memory to read', {
        code: '54000',
        hint: 'Send the data in several requests.',
      })
    }
  }
  return (bytes, context) => {
    if (bytes.length > MAX_INLINE_BYTES) return parseElsewhere(bytes, context)
    const started = performance.now()
    try {
      return parseBody(bytes)
    } finally {
      context.spendCpu(performance.now() - started)
    }
  }
}
