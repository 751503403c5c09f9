/**
 * `npm run proxy`: runs the proxy from one file, which is made anew whenever a source has changed.
 *
 * One file of plain JavaScript is read in a quarter of the time that its some 300 sources take with tsx,
 * and its functions lack the wrapping by which tsx keeps their names, which costs on every call.
 */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const folder = dirname(fileURLToPath(import.meta.url))
/** The project around this folder, with which it shares its packages; else this folder. */
const root = existsSync(join(folder, 'node_modules', 'libpg-query')) ? folder : dirname(folder)
const cache = join(root, '.data', 'proxy')
const file =
  fromCache() ?? (await (await import('./bundle.mjs')).bundle({ root, cache, versionOf }))
// Workers are started from what stands here (node:cluster), so they need no bundling of their own.
process.argv[1] = file
await import(pathToFileURL(file).href)

/** The bundle at hand, unless one of its sources is not the file any more that it was. */
function fromCache() {
  try {
    const { name, madeIn, versions } = JSON.parse(readFileSync(join(cache, 'bundle.json'), 'utf8'))
    const isCurrent =
      madeIn === root &&
      Object.entries(versions).every(([path, version]) => versionOf(join(root, path)) === version)
    return isCurrent && statSync(join(cache, name)).isFile() ? join(cache, name) : undefined
  } catch {
    return undefined
  }
}

/** By ctime: whoever replaces a file can set its mtime, and some tools do. */
function versionOf(path) {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stats === undefined ? 'none' : [stats.ctimeNs, stats.size, stats.ino].join(' ')
}
