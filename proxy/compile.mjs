/** Compiles a program of the proxy and all that it imports into one file of plain JavaScript. */
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, stop } from 'esbuild'

const folder = dirname(fileURLToPath(import.meta.url))
const settings = {
  absWorkingDir: dirname(folder),
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  // The first loads WebAssembly from its own folder; `pg` works without the second; only tests compile
  // a thread's code when they start.
  external: ['libpg-query', 'pg-native', 'esbuild'],
  write: false,
  metafile: true,
  logLevel: 'error',
}

/**
 * @param entry the program's source, relative to this folder
 * @param url `import.meta.url` in the program, from which it finds libpg-query; unset, that of the file
 *   it ends up in
 * @returns the file's contents, and the paths of all sources
 */
export async function compile(entry, url) {
  const thread = await build({
    ...settings,
    entryPoints: [join(folder, 'src', 'threads', 'thread.ts')],
    format: 'cjs',
  }).catch(() => process.exit(1))
  const meta = url === undefined ? 'import.meta.url' : JSON.stringify(url)
  const program = await build({
    ...settings,
    entryPoints: [join(folder, entry)],
    format: 'esm',
    define: {
      ...(url === undefined ? {} : { 'import.meta.url': meta }),
      // Inside the same file, so that no second file can be missing or of another version.
      THREAD_SOURCE: JSON.stringify(thread.outputFiles[0].text),
    },
    banner: {
      js: `import { createRequire as requireFrom } from 'node:module'\nconst require = requireFrom(${meta})`,
    },
  }).catch(() => process.exit(1))
  // esbuild's helper process would live as long as this one.
  await stop()
  const inputs = new Set(
    [program.metafile, thread.metafile]
      .flatMap(({ inputs }) => Object.keys(inputs))
      .map((path) => resolve(settings.absWorkingDir, path)),
  )
  return { contents: program.outputFiles[0].contents, inputs: [...inputs] }
}
