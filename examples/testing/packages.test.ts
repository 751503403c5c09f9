import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { z } from 'zod'
import { providerSchema } from '../../proxy/src/auth/tokens/provider-config'
import { EXAMPLES, exampleNames, findExample } from '../run/find-examples'

const versions = z.record(z.string(), z.string()).default({})
const manifest = z.object({ dependencies: versions, devDependencies: versions })
const lock = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional() })),
})

const readJson = (...path: string[]): unknown => JSON.parse(readFileSync(join(...path), 'utf8'))
const shared = manifest.parse(readJson(EXAMPLES, 'package.json')).dependencies
const { packages: ofRoot } = lock.parse(readJson('package-lock.json'))

for (const name of exampleNames()) {
  const folder = join(EXAMPLES, name)
  const { dependencies, devDependencies } = manifest.parse(readJson(folder, 'package.json'))
  const all = { ...dependencies, ...devDependencies }

  test(`${name} pins each of its packages, and locks all that they need without download addresses`, () => {
    for (const [dependency, version] of Object.entries(all)) {
      assert.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, dependency)
    }
    assert.doesNotMatch(
      readFileSync(join(folder, 'package-lock.json'), 'utf8'),
      /"resolved": "http/,
    )
  })

  test(`${name} runs with the SDK that its contract test proves, and with this project’s driver`, async () => {
    const { example } = await findExample(name)
    for (const sdk of example.sdk) {
      const proven = shared[sdk] ?? ofRoot[`node_modules/${sdk}`]?.version
      assert.equal(all[sdk], proven, `${sdk} in ${name}, and as the contract test finds it`)
    }
    for (const common of ['@neondatabase/serverless', 'drizzle-orm', 'next', 'react']) {
      if (common in all)
        assert.equal(all[common], ofRoot[`node_modules/${common}`]?.version, common)
    }
  })

  test(`${name} has a contract test, and its row and section in the README`, () => {
    assert.ok(existsSync(join(folder, 'contract.test.ts')))
    const readme = readFileSync(join(EXAMPLES, 'README.md'), 'utf8')
    assert.ok(readme.includes(`| [${name}](${name}) `))
    assert.ok(readme.includes(`\n### ${name}\n`))
  })
}

test('each provider line of the README is one that the proxy takes', () => {
  const lines = readFileSync(join(EXAMPLES, 'README.md'), 'utf8').matchAll(/`(\{ "preset".+\})`/g)
  const parsed = Array.from(lines, ([, line = '']) => providerSchema.parse(JSON.parse(line)))
  assert.ok(parsed.length >= exampleNames().length)
})

test('no package of the contract tests belongs to no example', () => {
  const used = exampleNames().flatMap((name) => {
    const { dependencies } = manifest.parse(readJson(EXAMPLES, name, 'package.json'))
    return Object.keys(dependencies)
  })
  assert.deepEqual(
    Object.keys(shared).filter((dependency) => !used.includes(dependency)),
    [],
  )
  assert.doesNotMatch(
    readFileSync(join(EXAMPLES, 'package-lock.json'), 'utf8'),
    /"resolved": "http/,
  )
})
