/** Load from wrk, which costs the machine least; a Lua script gives each request its user. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runProgram } from '../processes/program'
import type { Call, LoadOptions } from './call'
import { readOutcome, type Outcome } from './outcome'

const SCRIPT = fileURLToPath(new URL('./rotate.lua', import.meta.url))

export async function loadWithWrk(options: LoadOptions): Promise<Outcome> {
  const { url, calls, connections, seconds, prefix, signal } = options
  const folder = mkdtempSync(join(tmpdir(), 'bench-wrk-'))
  const file = join(folder, 'calls.lua')
  writeFileSync(file, `return {${calls.map(asLua).join(',\n')}}`)
  try {
    const flags = ['-t1', `-c${connections}`, `-d${Math.ceil(seconds)}s`, '--timeout', '10s']
    return readOutcome(
      await runProgram([...prefix, 'wrk', ...flags, '-s', SCRIPT, url, '--', file], signal),
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function asLua({ method, path, headers, body }: Call): string {
  const pairs = Object.entries(headers).map(([name, value]) => `[${quote(name)}]=${quote(value)}`)
  return `{method=${quote(method)},path=${quote(path)},headers={${pairs.join(',')}},body=${quote(body)}}`
}

/** Lua takes bytes by their decimal numbers. */
function quote(text: string): string {
  const escape = (char: string) =>
    [...Buffer.from(char)].map((byte) => `\\${String(byte).padStart(3, '0')}`).join('')
  return `"${text.replace(/[^ !#-[\]-~]/gu, escape)}"`
}
