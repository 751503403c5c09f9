/**
 * Runs a TypeScript program of this project on a machine that has only Node and npm: it checks
 * Node's version, installs dependencies when they are missing or stale, then imports the program
 * into this same process, so that there is one process to stop.
 *
 * Usage: node dev/run.mjs dev/up.ts [arguments]
 *
 * Plain JavaScript, with syntax that an old Node can read far enough to be told that it is too old.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
process.chdir(root)

const manifest = readJson('package.json')
const oldestNode = manifest.engines.node.replace('>=', '')
if (!isAtLeast(process.versions.node, oldestNode)) {
  fail(
    `Node ${process.versions.node} is too old: this project needs Node ${oldestNode} or newer (https://nodejs.org).`,
  )
}
if (!dependenciesAreCurrent()) installDependencies()

const { register } = await import('tsx/esm/api')
register()
const [program, ...args] = process.argv.slice(2)
process.argv = [process.argv[0], resolve(program), ...args]
await import(pathToFileURL(resolve(program)).href)

/** True when every required package of the lock file is in node_modules in exactly that version. */
function dependenciesAreCurrent() {
  if (!existsSync('node_modules/.package-lock.json')) return false
  const wanted = readJson('package-lock.json').packages
  const installed = readJson('node_modules/.package-lock.json').packages
  return Object.keys(wanted).every(
    (path) =>
      path === '' ||
      wanted[path].optional ||
      wanted[path].devOptional ||
      wanted[path].peer ||
      isDeletedWorkspace(path, wanted[path]) ||
      (installed[path] && installed[path].version === wanted[path].version),
  )
}

/** A fork may delete the benchmark and leave the lock file as it is, as npm ci does. */
function isDeletedWorkspace(path, { link, resolved }) {
  return link ? !existsSync(resolved) : !path.includes('node_modules') && !existsSync(path)
}

function installDependencies() {
  console.log('Installing dependencies (npm ci) …')
  const started = Date.now()
  // Run through the npm that started us where there is one: it may not be on the PATH.
  const npm = process.env.npm_execpath
  const command = npm ? [process.execPath, npm] : ['npm']
  const result = spawnSync(
    command[0],
    command.slice(1).concat('ci', '--prefer-offline', '--no-audit', '--no-fund', '--include=dev'),
    { stdio: ['ignore', 'ignore', 'inherit'], shell: !npm && process.platform === 'win32' },
  )
  if (result.status !== 0) {
    fail(
      'npm ci failed (its message is above). Check the network connection, then run the same command again.',
    )
  }
  console.log(`✔ Dependencies installed (${((Date.now() - started) / 1000).toFixed(1)} s)`)
}

function readJson(file) {
  return JSON.parse(readFileSync(join(root, file), 'utf8'))
}

function isAtLeast(version, minimum) {
  const have = version.split('.').map(Number)
  const need = minimum.split('.').map(Number)
  for (let i = 0; i < 3; i++) if (have[i] !== need[i]) return have[i] > need[i]
  return true
}

function fail(sentence) {
  console.error(sentence)
  process.exit(1)
}
