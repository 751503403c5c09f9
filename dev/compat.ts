/** Installs the clients that `proxy/test/compat` tries, when their tests first run; they are no dependencies of the project. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from './user-error'

export const COMPAT = join('proxy', 'test', 'compat')

/** @throws UserError when npm cannot install them */
export function installCompat(): void {
  if (isInstalled()) return
  console.log(`Installing the clients (npm ci in ${COMPAT}) …`)
  // Run through the npm that started us where there is one: it may not be on the PATH.
  const npm = process.env.npm_execpath
  const [program = 'npm', ...rest] = npm ? [process.execPath, npm] : ['npm']
  const { status } = spawnSync(
    program,
    [...rest, 'ci', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'],
    {
      cwd: COMPAT,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: !npm && process.platform === 'win32',
    },
  )
  if (status !== 0)
    throw new UserError(`npm could not install the packages of ${COMPAT}; see above.`)
}

/** npm leaves a copy of the lock file, without the entry of the package itself. */
function isInstalled(): boolean {
  const copy = join(COMPAT, 'node_modules', '.package-lock.json')
  return (
    existsSync(copy) &&
    hashes(join(COMPAT, 'package-lock.json')).every((hash) => hashes(copy).includes(hash))
  )
}

function hashes(lockFile: string): string[] {
  return [...readFileSync(lockFile, 'utf8').matchAll(/"integrity": "(.+)"/g)].map(
    ([, hash = '']) => hash,
  )
}
