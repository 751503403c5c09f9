/** Makes one file of the proxy and all that it imports, which no other start can see half written. */
import { createHash } from 'node:crypto'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile } from './compile.mjs'

/** What decides about the bundle beside its sources; the last one changes whenever npm installs. */
const settingsOf = (root) => [
  fileURLToPath(import.meta.url),
  fileURLToPath(new URL('./compile.mjs', import.meta.url)),
  join(root, 'tsconfig.json'),
  join(root, 'node_modules', '.package-lock.json'),
]
/** A proxy that still runs from an older bundle needs it to replace a worker that died. */
const KEPT = 5
/** By how much a file's time may lag behind the clock. */
const LAG_MS = 100

/** @returns the bundle's path */
export async function bundle({ root, cache, versionOf }) {
  const started = Date.now()
  // What the bundle looks for it finds from here, wherever the bundle itself lies.
  const { contents, inputs } = await compile('src/main.ts', import.meta.url)
  const name = `proxy-${createHash('sha256').update(contents).digest('hex').slice(0, 16)}.mjs`
  try {
    mkdirSync(cache, { recursive: true })
    write(join(cache, name), contents)
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) throw error
    return writeElsewhere(name, contents)
  }
  const sources = [...inputs, ...settingsOf(root)]
  // One that was saved meanwhile may not be as it was read: then the next start bundles again.
  const changed = (path) => statSync(path, { throwIfNoEntry: false })?.ctimeMs ?? 0
  if (sources.every((path) => changed(path) < started - LAG_MS)) {
    const versions = sources.map((path) => [relative(root, path), versionOf(path)])
    const record = { name, madeIn: root, versions: Object.fromEntries(versions) }
    write(join(cache, 'bundle.json'), JSON.stringify(record))
  }
  removeOld(cache)
  return join(cache, name)
}

/** Where the project cannot be written to: in a folder that nobody else may enter. */
function writeElsewhere(name, contents) {
  const folder = mkdtempSync(join(tmpdir(), 'sql-proxy-'))
  process.on('exit', () => {
    rmSync(folder, { recursive: true, force: true })
  })
  write(join(folder, name), contents)
  return join(folder, name)
}

/** Either the old file is seen or the new one, whole. */
function write(path, contents) {
  const unfinished = `${path}.${process.pid}`
  writeFileSync(unfinished, contents)
  renameSync(unfinished, path)
}

function removeOld(cache) {
  const madeAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
  const names = readdirSync(cache).filter((name) => name.endsWith('.mjs'))
  const youngestFirst = names.map((name) => join(cache, name)).sort((a, b) => madeAt(b) - madeAt(a))
  for (const old of youngestFirst.slice(KEPT)) rmSync(old, { force: true })
}
