/** Outlines the statements of a traced request, in threads and on the account of its user. */
import type { WorkContext } from '../threads/work-context'
import { WorkEnded, type WorkThreads } from '../threads/work-threads'
import type { Outline } from './outline'

/** @returns undefined for a statement that cannot be read, or is too long to be shown */
export type OutlineStatement = (sql: string, context: WorkContext) => Promise<Outline | undefined>

const MOST_LENGTH = 16 * 1024

/** @param checkMs CPU time, as for the gate's own check */
export function createOutliner(threads: WorkThreads, checkMs: number): OutlineStatement {
  return async (sql, context) => {
    if (sql.length > MOST_LENGTH || sql.includes('\0')) return undefined
    try {
      return await threads.run('outline', sql, context, checkMs)
    } catch (error) {
      if (error instanceof WorkEnded) return undefined
      throw error
    }
  }
}
