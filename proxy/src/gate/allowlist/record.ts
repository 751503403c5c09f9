/**
 * `npm run proxy:allowlist`: records the statements that run through the proxy during a command.
 *
 *   node --import tsx proxy/src/gate/allowlist/record.ts <list> <command> [argument …]
 *
 * The command, such as the browser tests, starts a proxy and sends the application's statements. That
 * proxy records them, because it inherits PROXY_ALLOWLIST_RECORD. The list is replaced only if the command
 * succeeded and something was recorded.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatFile } from './file'

const [list, command, ...args] = process.argv.slice(2)
process.exitCode = list === undefined || command === undefined ? usage() : record(list, command)

function record(list: string, command: string): number {
  const folder = mkdtempSync(join(tmpdir(), 'allowlist-'))
  const recording = join(folder, 'recording')
  try {
    const env = { ...process.env, PROXY_ALLOWLIST: '', PROXY_ALLOWLIST_RECORD: recording }
    const { status, error } = spawnSync(command, args, { stdio: 'inherit', env })
    if (error) return fail(`${command} could not be run (${error.message}).`)
    if (status !== 0) return fail(`The command failed, so ${list} stays as it was.`)
    const lines = existsSync(recording) ? readFileSync(recording, 'utf8').split('\n') : []
    const count = new Set(lines.filter((line) => line !== '')).size
    if (count === 0) return fail(`No statement reached a proxy, so ${list} stays as it was.`)
    writeFileSync(list, formatFile(lines))
    process.stdout.write(`✔ ${list} lists ${count} statements; review what has changed.\n`)
    return 0
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function usage(): number {
  return fail('Say where the list goes and what to run: record.ts <list> <command> [argument …]')
}

function fail(sentence: string): number {
  process.stderr.write(`${sentence}\n`)
  return 1
}
