/** Installs what the peers need, when they are first measured: the template does not carry it. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runProgram } from '../processes/program'

const FOLDER = fileURLToPath(new URL('./', import.meta.url))

export async function installPeers(signal: AbortSignal): Promise<void> {
  if (isInstalled()) return
  console.log('  Installing the peers (npm ci in bench/peers) …')
  await runProgram(['npm', 'ci', '--prefix', FOLDER, '--no-audit', '--no-fund'], signal)
}

/** npm leaves a copy of the lock file, without the entry of the package itself. */
function isInstalled(): boolean {
  const copy = `${FOLDER}node_modules/.package-lock.json`
  if (!existsSync(copy)) return false
  const versions = (file: string) =>
    [...readFileSync(file, 'utf8').matchAll(/"integrity": "(.+)"/g)].map((match) => match[1])
  const installed = new Set(versions(copy))
  // Packages for other systems are in the lock file alone: those are binaries, of which we want none.
  return versions(`${FOLDER}package-lock.json`).every((hash) => installed.has(hash))
}
