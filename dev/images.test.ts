/** Only CI builds the images. These tests compare what their files name with what exists. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parseEnv } from 'node:util'

const DOCKERFILES = ['Dockerfile', 'proxy/Dockerfile']
/** Not needed in an image, which uses an account at Clerk. */
const LOCAL_CLERK = [
  'NEXT_PUBLIC_CLERK_PROXY_URL',
  'NEXT_PUBLIC_CLERK_TELEMETRY_DISABLED',
  'NEXT_PUBLIC_CLERK_KEYLESS_DISABLED',
]

const matches = (file: string, pattern: RegExp) =>
  [...readFileSync(file, 'utf8').matchAll(pattern)].map(([, found = '']) => found)

for (const file of DOCKERFILES) {
  test(`${file} copies nothing that is missing`, () => {
    const sources = matches(file, /^COPY (?!--from)(.+) \S+$/gm).flatMap((names) =>
      names.split(' '),
    )
    assert.ok(sources.length > 0)
    for (const source of sources) assert.ok(existsSync(source), source)
  })

  test(`${file} runs only scripts that exist`, () => {
    for (const workspace of ['', 'proxy/']) {
      const { scripts } = JSON.parse(readFileSync(`${workspace}package.json`, 'utf8')) as {
        scripts: Record<string, string>
      }
      const pattern = workspace === '' ? /npm run (\S+)$/gm : /npm run (\S+) --workspace=proxy$/gm
      for (const script of matches(file, pattern)) assert.ok(script in scripts, script)
    }
  })
}

test('every NEXT_PUBLIC_ variable is an argument of the app’s image', () => {
  const variables = Object.keys(parseEnv(readFileSync('.env.example', 'utf8')))
  const fixed = variables.filter((name) => name.startsWith('NEXT_PUBLIC_'))
  assert.deepEqual(
    matches('Dockerfile', /^ARG (\w+)/gm).sort(),
    fixed.filter((name) => !LOCAL_CLERK.includes(name)).sort(),
  )
})

test('the oldest Node that the project allows is the first that CI tries', () => {
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    engines: { node: string }
  }
  const [oldest = ''] = matches('.github/workflows/ci.yml', /^ +node: \['([\d.]+)'/gm)
  assert.equal(engines.node, `>=${oldest}.0`)
})
