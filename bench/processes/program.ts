/** Runs a program to its end; an abort ends it early. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * @param command the program and its arguments
 * @param input becomes its stdin
 * @returns what it wrote to stdout
 * @throws Error with its last words when it fails
 */
export async function runProgram(
  command: readonly string[],
  signal: AbortSignal,
  { env = process.env, input = '' }: { env?: NodeJS.ProcessEnv; input?: string } = {},
): Promise<string> {
  const [program = '', ...args] = command
  const child = spawn(program, args, { env, signal, stdio: 'pipe' })
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  // Rejects when it cannot be run, or is ended by the signal.
  await once(child, 'close')
  if (child.exitCode === 0) return output
  const lastWords = `${output}\n${errors}`.trim().split('\n').slice(-8).join('\n')
  throw new Error(`${program} failed: ${lastWords}`)
}
