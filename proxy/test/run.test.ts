import assert from 'node:assert/strict'
import { appendFile, cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, before, test } from 'node:test'
import { PACKAGE, PACKAGES } from './testing/paths'
import { startProgram } from './testing/program'

/** A program that starts and prints a distinct word. */
const wrong = { PROXY_PORT: 'http' }
const SENTENCE = 'PROXY_PORT is not a number, for example: PROXY_PORT=4444\n'

let folder = ''
let checkout = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proxy-run-'))
  checkout = join(folder, 'a checkout, “mine”')
  await mkdir(checkout)
  const isSource = (path: string) => !['node_modules', 'dist'].includes(basename(path))
  await cp(PACKAGE, join(checkout, 'proxy'), { recursive: true, filter: isSource })
  await symlink(PACKAGES, join(checkout, 'node_modules'))
})
after(() => rm(folder, { recursive: true }))

/** Its output when started from another folder with a bad variable. */
async function sentence(): Promise<string> {
  const env = {
    ...wrong,
    PROXY_DATABASE_URL: 'postgresql://authenticator:hunter2@127.0.0.1:1/memos',
    PROXY_SESSION_KEY: Buffer.alloc(32, 1).toString('base64'),
    PROXY_JWT_PROVIDERS: '[{"name":"test","issuer":"https://issuer.example"}]',
  }
  const { ended, said } = startProgram(env, join(checkout, 'proxy', 'run.mjs'), folder)
  assert.equal(await ended, 1, said())
  return said()
}

const bundles = async () =>
  (await readdir(join(checkout, '.data', 'proxy'))).filter((name) => name.endsWith('.mjs'))

test('two first starts at once both run, from a path with spaces and from another folder', async () => {
  assert.deepEqual(await Promise.all([sentence(), sentence()]), [SENTENCE, SENTENCE])
  assert.equal((await bundles()).length, 1)
})

test('a source that was changed takes effect with the next start', async () => {
  await appendFile(
    join(checkout, 'proxy', 'src', 'config', 'config.ts'),
    "\nprocess.stderr.write('Changed. ')\n",
  )
  assert.equal(await sentence(), `Changed. ${SENTENCE}`)
  assert.equal(await sentence(), `Changed. ${SENTENCE}`)
})

test('only a few old bundles are kept', async () => {
  for (let i = 0; i < 6; i++) {
    await appendFile(
      join(checkout, 'proxy', 'src', 'config', 'config.ts'),
      `\nprocess.stderr.write('${i}')\n`,
    )
    await sentence()
  }
  assert.equal((await bundles()).length, 5)
})
