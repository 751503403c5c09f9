/**
 * `npm run build -w proxy`: writes the proxy's programs to `dist/`, or to the folder that is given.
 * Only Node is needed to run them.
 */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile } from './compile.mjs'

const PROGRAMS = {
  'main.js': 'src/main.ts',
  'check.js': 'check/main.ts',
  // Reads the files of sql/, which has to lie beside the folder it is in.
  'install.js': 'install/main.ts',
}

const dist = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), 'dist')
rmSync(dist, { recursive: true, force: true })
mkdirSync(dist, { recursive: true })
for (const [name, entry] of Object.entries(PROGRAMS)) {
  const { contents } = await compile(entry)
  writeFileSync(join(dist, name), contents)
}
// What says of this folder's files that they are modules may not come along with it.
writeFileSync(join(dist, 'package.json'), '{ "type": "module" }\n')
// A package of its own there too, because it loads WebAssembly from its folder.
const parser = dirname(createRequire(import.meta.url).resolve('libpg-query/package.json'))
cpSync(parser, join(dist, 'node_modules', 'libpg-query'), { recursive: true })
