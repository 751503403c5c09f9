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
import { join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, stop } from 'esbuild'

/** What decides about the bundle beside its sources; the last one changes whenever npm installs. */
const SETTINGS = ['proxy/bundle.mjs', 'tsconfig.json', 'node_modules/.package-lock.json']
/** A proxy that still runs from an older bundle needs it to replace a worker that died. */
const KEPT = 5
/** By how much a file's time may lag behind the clock. */
const LAG_MS = 100

/** @returns the bundle's path */
export async function bundle({ root, cache, versionOf }) {
  const started = Date.now()
  // What the bundle looks for it finds from here, wherever the bundle itself lies.
  const here = JSON.stringify(pathToFileURL(join(root, 'proxy', 'bundle.mjs')).href)
  const settings = {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node20.9',
    // The first loads WebAssembly from beside itself; `pg` can do without the second; only tests
    // make a thread's code when they start.
    external: ['libpg-query', 'pg-native', 'esbuild'],
    write: false,
    metafile: true,
    logLevel: 'error',
  }
  const define = { 'import.meta.url': here }
  const thread = await build({
    ...settings,
    entryPoints: ['proxy/src/threads/thread.ts'],
    format: 'cjs',
    define,
  }).catch(() => process.exit(1))
  const { metafile, outputFiles } = await build({
    ...settings,
    entryPoints: ['proxy/src/main.ts'],
    format: 'esm',
    // In the same file, so that there is no other to be missing or of another version.
    define: { ...define, THREAD_SOURCE: JSON.stringify(thread.outputFiles[0].text) },
    banner: {
      js: `import { createRequire as requireFrom } from 'node:module'\nconst require = requireFrom(${here})`,
    },
  }).catch(() => process.exit(1))
  // Its helper process would stay for as long as we do.
  await stop()
  const { contents } = outputFiles[0]
  const name = `proxy-${createHash('sha256').update(contents).digest('hex').slice(0, 16)}.mjs`
  try {
    mkdirSync(cache, { recursive: true })
    write(join(cache, name), contents)
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) throw error
    return writeElsewhere(name, contents)
  }
  const inputs = new Set([metafile, thread.metafile].flatMap(({ inputs }) => Object.keys(inputs)))
  const sources = [...inputs, ...SETTINGS].map((path) => resolve(root, path))
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
