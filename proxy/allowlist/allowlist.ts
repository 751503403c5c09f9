/** With a list (PROXY_ALLOWLIST), only what is on it gets through: the gate decides first, then the list. */
import { ProxyError } from '../errors'
import type { Gate } from '../gate/gate'
import { createParser } from '../gate/parser'
import { LruMap } from '../lru'
import { lookAt, watchFile } from '../watch-file'
import { readList, type List } from './file'
import { identify } from './identify'

export type ListedGate = { readonly gate: Gate; readonly close: () => void }

/** Names are kept by SQL text; a flood of distinct statements only turns the cache over. */
const CACHE_ENTRIES = 5_000
const CACHE_BYTES = 8 * 1024 * 1024

/**
 * Reads the list, and again whenever the file changes; a change that cannot be read leaves the
 * list as it was.
 * @param say told when the list was read again, or why it was not
 * @throws Error with one sentence when the list cannot be read or is empty
 */
export async function withAllowlist(
  gate: Gate,
  path: string,
  say: (sentence: string) => void = toStderr,
): Promise<ListedGate> {
  const parser = await createParser()
  let list: List = new Set()
  const close = watchFile(lookAt(path), () => void reload())
  try {
    list = await readList(parser, path)
  } catch (error) {
    close()
    throw error
  }
  const names = new LruMap<string>(CACHE_ENTRIES, CACHE_BYTES)

  const nameOf = async (sql: string) => {
    const name = names.get(sql) ?? (await identify(parser, sql))
    if (name !== undefined) names.set(sql, name, (sql.length + name.length) * 2 + 100)
    return name
  }
  const reload = async () => {
    try {
      list = await readList(parser, path)
      say(`PROXY_ALLOWLIST was read again: ${list.size} statements.`)
    } catch (error) {
      const why = error instanceof Error ? error.message : 'unknown reason'
      say(`PROXY_ALLOWLIST stays as it was: ${why}.`)
    }
  }
  return {
    gate: async (sql) => {
      const verdict = await gate(sql)
      const name = await nameOf(sql)
      if (name === undefined || !list.has(name)) throw notListed()
      return verdict
    },
    close,
  }
}

function notListed(): ProxyError {
  return new ProxyError(
    'statement_not_listed',
    'statement refused by the proxy: it is not on the list of allowed statements',
    {
      code: '42501',
      severity: 'ERROR',
      hint: 'Only parameters ($1) may differ from the listed statement. If the application needs it, record it with `npm run proxy:allowlist` and review the change of the list.',
    },
  )
}

/** On stderr, because stdout holds the log, one JSON value a line. */
function toStderr(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
}
