import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { RUN, startProgram } from './testing/program'

const valid = {
  PROXY_PORT: '0',
  PROXY_DATABASE_URL: 'postgresql://authenticator:hunter2@127.0.0.1:1/memos',
  PROXY_SESSION_KEY: Buffer.alloc(32, 1).toString('base64'),
  PROXY_JWT_PROVIDERS: '[{"name":"test","issuer":"https://issuer.example"}]',
}

test('a bad variable ends the program with one sentence and no stack', async () => {
  const { ended, said } = startProgram({ ...valid, PROXY_PORT: 'http' })
  assert.equal(await ended, 1)
  assert.equal(said(), 'PROXY_PORT is not a number, for example: PROXY_PORT=4444\n')
})

test('a taken port ends the program with one sentence that names it', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const address = other.address()
  const port = typeof address === 'object' && address ? address.port : 0
  try {
    const { ended, said } = startProgram({ ...valid, PROXY_PORT: String(port) })
    assert.equal(await ended, 1)
    assert.equal(
      said(),
      `Port ${port} is taken; stop what listens there or set PROXY_PORT to another.\n`,
    )
  } finally {
    other.close()
  }
})

test('without Postgres it starts, answers that it is not ready, and ends on SIGTERM', async () => {
  const { child, ended, said, url } = startProgram(valid)
  assert.equal((await fetch(`${await url()}/healthz`)).status, 200)
  child.kill('SIGTERM')
  assert.equal(await ended, 0)
  assert.ok(!said().includes('hunter2'))
})

test('started by npm, it ends with npm, which passes no signal on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'proxy-main-'))
  try {
    const npm = join(folder, 'npm.mjs')
    await writeFile(
      npm,
      `import { spawn } from 'node:child_process'
       spawn(process.execPath, [${JSON.stringify(RUN)}], { stdio: 'inherit' })`,
    )
    const { child, ended, url } = startProgram({ ...valid, npm_lifecycle_event: 'proxy' }, npm)
    const address = await url()
    child.kill('SIGKILL')
    // Not before the proxy has closed the stderr that it was given.
    await ended
    await assert.rejects(fetch(`${address}/healthz`))
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('on SIGHUP it reads its files again and continues', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'proxy-main-'))
  try {
    const path = join(folder, 'providers.json')
    await writeFile(path, valid.PROXY_JWT_PROVIDERS)
    const { child, ended, said, says, url } = startProgram({ ...valid, PROXY_JWT_PROVIDERS: path })
    await url()
    child.kill('SIGHUP')
    await says('read again')
    assert.match(said(), /PROXY_JWT_PROVIDERS was read again: test\.\n$/)
    child.kill('SIGTERM')
    assert.equal(await ended, 0)
  } finally {
    await rm(folder, { recursive: true })
  }
})
