/** Copies the main app to `build/`, and puts the files of `lib/auth` here in the place of Clerk's. */
import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

const APP = '../..'
const PARTS = ['app', 'lib', 'db', 'pages', 'proxy', 'public', 'proxy.ts', 'next.config.js']
const SETTINGS = ['package.json', 'postcss.config.js', 'tsconfig.json', 'next-types.d.ts']

rmSync('build', { recursive: true, force: true })
for (const part of [...PARTS, ...SETTINGS]) {
  cpSync(join(APP, part), join('build', part), { recursive: true, filter: belongs })
}
rmSync('build/lib/auth', { recursive: true })
cpSync('lib/auth', 'build/lib/auth', { recursive: true })
renameSync('build/next.config.js', 'build/app.config.js')
cpSync('next.config.js', 'build/next.config.js')
// The examples' packages bring types of another version of Node, in a folder above.
const settings = readFileSync('build/tsconfig.json', 'utf8')
const roots = '"compilerOptions": { "typeRoots": ["../../../node_modules/@types"],'
writeFileSync('build/tsconfig.json', settings.replace('"compilerOptions": {', roots))

/** Tests import what is not part of the app, and packages are found in the folders above. */
function belongs(path) {
  return !/^(node_modules|dist|test|testing)$|\.test\.tsx?$/.test(basename(path))
}
