import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import { PACKAGE } from './testing/paths'

const { dependencies, devDependencies } = JSON.parse(
  readFileSync(join(PACKAGE, 'package.json'), 'utf8'),
) as Record<'dependencies' | 'devDependencies', Record<string, string>>

/** Of the product, of its tests, and of the scripts that build it; the clients in compat have their own. */
const FILES = ['src', 'check', 'install', 'attacks', 'test', 'bin', '.'].flatMap((folder) =>
  readdirSync(join(PACKAGE, folder), { recursive: folder !== '.', encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => /\.(ts|m?js)$/.test(name) && !name.includes('compat')),
)

const isTest = (name: string) =>
  /(^test\/|\.test\.ts$|\/testing\/)/.test(name) || name.endsWith('.mjs')
/** It compiles a thread's code for tests and scripts; the build puts that code into the bundle. */
const COMPILES = join('src', 'threads', 'source.ts')

for (const [whose, files, declared] of [
  ['the product', FILES.filter((name) => !isTest(name) && name !== COMPILES), dependencies],
  ['its tests and its build', FILES, { ...dependencies, ...devDependencies }],
] as const) {
  test(`each package imported by ${whose} is declared in its own package.json`, () => {
    assert.ok(files.length > 100)
    const imported = files.flatMap((name) =>
      [
        ...readFileSync(join(PACKAGE, name), 'utf8').matchAll(
          /^(?:import|export|\}).* from '((?:@[^/']+\/)?[^./'][^/']*)|\bimport\('((?:@[^/']+\/)?[^./'][^/']*)/gm,
        ),
      ].map(([, from, dynamic]) => ({ name, package: from ?? dynamic ?? '' })),
    )
    assert.ok(imported.length > 50)
    const foreign = imported.filter(
      (one) => !isBuiltin(one.package) && !Object.hasOwn(declared, one.package),
    )
    assert.deepEqual(foreign, [])
  })
}
