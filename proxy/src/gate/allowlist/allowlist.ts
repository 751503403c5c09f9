/** With an allow-list (PROXY_ALLOWLIST), a statement must pass the gate and be on the list. */
import { ProxyError } from '../../errors'
import type { Verdict } from '../decide'
import type { Gate } from '../gate'
import { createParser } from '../parser'
import { OWN_WORK, type WorkContext } from '../../threads/work-context'
import { WorkThreads } from '../../threads/work-threads'
import { lookAt, watchFile } from '../../ops/watch-file'
import { readList, type List } from './file'

export type ListedGate = { readonly gate: Gate; readonly close: () => void }

/** CPU time to parse a statement and hash its tree. */
const IDENTIFY_CPU_MS = 600

/**
 * Loads the list and reloads it when the file changes. An unreadable change leaves the list as it was.
 * @param say called when the list was reloaded, or why it was not
 * @param threads compute the names of new statements
 * @throws Error with one sentence when the list cannot be read or is empty
 */
export async function withAllowlist(
  gate: Gate,
  path: string,
  say: (sentence: string) => void = toStderr,
  threads?: WorkThreads,
): Promise<ListedGate> {
  const workers = threads ?? (await WorkThreads.start())
  const parser = await createParser()
  let list: List = new Set()
  const close = watchFile(lookAt(path), () => void reload())
  try {
    list = await readList(parser, path)
  } catch (error) {
    close()
    throw error
  }
  // Keyed by verdict: the gate returns the same object for the same text, and a separate one per user
  // where the time could reveal who has sent it.
  const names = new WeakMap<Verdict, string>()

  const nameOf = async (verdict: Verdict, sql: string, context: WorkContext) => {
    const known = names.get(verdict)
    if (known !== undefined) return known
    const name = await workers.run('identify', sql, context, IDENTIFY_CPU_MS)
    if (name !== undefined) names.set(verdict, name)
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
    gate: async (sql, context = OWN_WORK) => {
      const verdict = await gate(sql, context)
      const name = await nameOf(verdict, sql, context)
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

/** To stderr: stdout is the access log, one JSON object per line. */
function toStderr(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
}
