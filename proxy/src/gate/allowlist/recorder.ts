/** Records each statement that passed the gate once, without comments and without parameter values. */
import { appendFileSync } from 'node:fs'
import type { Gate } from '../gate'
import { OWN_WORK } from '../../threads/work-context'
import { WorkThreads } from '../../threads/work-threads'

/** A flood of statements must not fill memory or disk. */
const MAX_STATEMENTS = 10_000
/** CPU time for two parses, two hashes and a scan. */
const NORMALIZE_CPU_MS = 1_500

/** @throws Error with one sentence when the file cannot be written */
export async function withRecorder(gate: Gate, path: string, threads?: WorkThreads): Promise<Gate> {
  const workers = threads ?? (await WorkThreads.start())
  append(path, '')
  const recorded = new Set<string>()
  return async (sql, context = OWN_WORK) => {
    const verdict = await gate(sql, context)
    if (recorded.size >= MAX_STATEMENTS) return verdict
    const text = await workers.run('normalize', sql, context, NORMALIZE_CPU_MS)
    if (text === undefined) {
      process.stderr.write(
        'A statement could not be recorded, because it cannot be written in one line; send its values as parameters.\n',
      )
      return verdict
    }
    const line = `${text}\n`
    if (!recorded.has(line)) append(path, line)
    recorded.add(line)
    return verdict
  }
}

function append(path: string, text: string): void {
  try {
    appendFileSync(path, text, { mode: 0o600 })
  } catch (error) {
    const { code } = error as { code?: string }
    throw new Error(`${path} cannot be written (${code ?? 'unknown reason'})`)
  }
}
