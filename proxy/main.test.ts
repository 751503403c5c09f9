import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'

const main = fileURLToPath(new URL('./main.ts', import.meta.url))
const tsx = import.meta.resolve('tsx')

const valid = {
  PROXY_PORT: '0',
  PROXY_DATABASE_URL: 'postgresql://authenticator:hunter2@127.0.0.1:1/todos',
  PROXY_SESSION_KEY: Buffer.alloc(32, 1).toString('base64'),
  PROXY_JWT_PROVIDERS: '[{"name":"test","issuer":"https://issuer.example"}]',
}

/** Starts the program where there is no .env.local, so that its variables are these alone. */
function start(env: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', tsx, main], {
    cwd: tmpdir(),
    env: { NODE_ENV: 'test', PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let text = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  return { child, exit: once(child, 'exit') as Promise<[number | null]>, said: () => text }
}

test('a bad variable ends the program with one sentence and no stack', async () => {
  const { exit, said } = start({ ...valid, PROXY_PORT: 'http' })
  assert.deepEqual((await exit)[0], 1)
  assert.equal(said(), 'PROXY_PORT is not a number, for example: PROXY_PORT=4444\n')
})

test('a taken port ends the program with one sentence that names it', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const address = other.address()
  const port = typeof address === 'object' && address ? address.port : 0
  try {
    const { exit, said } = start({ ...valid, PROXY_PORT: String(port) })
    assert.deepEqual((await exit)[0], 1)
    assert.equal(
      said(),
      `Port ${port} is taken; stop what listens there or set PROXY_PORT to another.\n`,
    )
  } finally {
    other.close()
  }
})

test('without Postgres it starts, answers that it is not ready, and ends on SIGTERM', async () => {
  const { child, exit, said } = start(valid)
  while (!said().includes('\n')) await once(child.stderr, 'data')
  const [url = ''] = /http:\S+/.exec(said()) ?? []
  assert.equal((await fetch(url.replace('/sql', '/healthz'))).status, 200)
  child.kill('SIGTERM')
  assert.deepEqual((await exit)[0], 0)
  assert.ok(!said().includes('hunter2'))
})

test('on SIGHUP it reads its files again and goes on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'proxy-main-'))
  try {
    const path = join(folder, 'providers.json')
    await writeFile(path, valid.PROXY_JWT_PROVIDERS)
    const { child, exit, said } = start({ ...valid, PROXY_JWT_PROVIDERS: path })
    while (!said().includes('listens')) await once(child.stderr, 'data')
    child.kill('SIGHUP')
    while (!said().includes('read again')) await once(child.stderr, 'data')
    assert.match(said(), /PROXY_JWT_PROVIDERS was read again: test\.\n$/)
    child.kill('SIGTERM')
    assert.deepEqual((await exit)[0], 0)
  } finally {
    await rm(folder, { recursive: true })
  }
})
