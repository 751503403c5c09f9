/** Installs packages that are no dependencies of the project, in a folder with a lock file of its own, when a step first needs them. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { UserError } from './user-error'

/** @throws UserError when npm cannot install them */
export function installPackages(folder: string): void {
  if (isInstalled(folder)) return
  console.log(`Installing packages (npm ci in ${folder}) …`)
  // Run through the npm that started us where there is one: it may not be on the PATH.
  const npm = process.env.npm_execpath
  const [program = 'npm', ...rest] = npm ? [process.execPath, npm] : ['npm']
  const { status } = spawnSync(
    program,
    [...rest, 'ci', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'],
    {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: !npm && process.platform === 'win32',
    },
  )
  if (status !== 0) {
    throw new UserError(`npm could not install the packages of ${folder}; see above.`)
  }
}

const lockFile = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string().optional(), optional: z.boolean().optional() }),
  ),
})

/** npm leaves a copy of the lock file, without what is for other systems. */
function isInstalled(folder: string): boolean {
  const copy = join(folder, 'node_modules', '.package-lock.json')
  if (!existsSync(copy)) return false
  const installed = packagesOf(copy)
  return Object.entries(packagesOf(join(folder, 'package-lock.json'))).every(
    ([path, { version, optional }]) =>
      path === '' || optional === true || installed[path]?.version === version,
  )
}

function packagesOf(file: string) {
  return lockFile.parse(JSON.parse(readFileSync(file, 'utf8'))).packages
}
