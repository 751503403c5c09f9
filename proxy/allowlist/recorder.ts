/** Writes down each statement that the gate let through, once, without comments; never a parameter's value. */
import { appendFileSync } from 'node:fs'
import type { Gate } from '../gate/gate'
import { createParser } from '../gate/parser'
import { normalize } from './normalize'

/** A stranger's flood of statements must fill neither memory nor disk. */
const MAX_STATEMENTS = 10_000

/** @throws Error with one sentence when the file cannot be written */
export async function withRecorder(gate: Gate, path: string): Promise<Gate> {
  const parser = await createParser()
  append(path, '')
  const recorded = new Set<string>()
  return async (sql) => {
    const verdict = await gate(sql)
    if (recorded.size >= MAX_STATEMENTS) return verdict
    const text = await normalize(parser, sql)
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
