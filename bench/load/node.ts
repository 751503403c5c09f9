/** Load from Node, in a process of its own, for machines without wrk. */
import { fileURLToPath } from 'node:url'
import { runProgram } from '../processes/program'
import type { LoadOptions } from './call'
import { readOutcome, type Outcome } from './outcome'

const PROGRAM = fileURLToPath(new URL('./closed-loop.ts', import.meta.url))

export async function loadWithNode(options: LoadOptions): Promise<Outcome> {
  const { prefix, signal, ...plan } = options
  const command = [...prefix, process.execPath, '--import', 'tsx', PROGRAM]
  return readOutcome(await runProgram(command, signal, { input: JSON.stringify(plan) }))
}
