/** Reads what a client sends, off the event loop unless its first word already says it all. */
import { OWN_WORK, type WorkContext } from '../threads/work-context'
import { WorkEnded, type WorkThreads } from '../threads/work-threads'
import { mayBeCatalogQuery } from '../gate/catalog'
import type { Part } from '../gate/commands'
import { LruMap } from '../lru-map'

export type ReadCommands = (sql: string, context?: WorkContext) => Promise<readonly Part[]>

/** Whether a statement that the gate refuses is a catalog query that sessions may send. */
export type IsCatalogQuery = (sql: string, context: WorkContext) => Promise<boolean>

/** One statement of these kinds is for the gate, whatever follows. */
const PLAIN = /^\s*(?:select|insert|update|delete|merge|with|values)\b[^;]*;?\s*$/i
/** Of one client only, so that no time tells what others have sent. Settings may be tokens and are left out. */
const MAX_REMEMBERED = 50
const MAX_LENGTH = 200

/** For one client. */
export function createReadCommands(threads: WorkThreads, cpuMs: number): ReadCommands {
  const remembered = new LruMap<readonly Part[]>(MAX_REMEMBERED)
  return async (sql, context = OWN_WORK) => {
    if (PLAIN.test(sql)) return [{ sql, command: { kind: 'query' } }]
    const known = remembered.get(sql)
    if (known !== undefined) return known
    const parts = await threads
      .run('commands', sql, context, cpuMs)
      .catch((error: unknown): readonly Part[] => {
        if (!(error instanceof WorkEnded)) throw error
        // The gate refuses it for the same reason.
        return [{ sql, command: { kind: 'query' } }]
      })
    const mayBeKept =
      sql.length <= MAX_LENGTH && parts.every(({ command }) => command.kind !== 'set')
    if (mayBeKept) remembered.set(sql, parts)
    return parts
  }
}

export function createIsCatalogQuery(threads: WorkThreads, cpuMs: number): IsCatalogQuery {
  return async (sql, context) => {
    if (!mayBeCatalogQuery(sql)) return false
    return threads.run('catalog', sql, context, cpuMs).catch((error: unknown) => {
      if (error instanceof WorkEnded) return false
      throw error
    })
  }
}
