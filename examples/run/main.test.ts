import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort } from '../../proxy/test/postgres/test-server'
import { until } from '../../proxy/test/testing/until'
import { DEMO_USERS } from '../stand-in/users'
import { exampleNames } from './find-examples'

const COMMAND = ['dev/run.mjs', 'examples/run/main.ts']

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [...COMMAND, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  }
  const ended = once(child, 'close') as Promise<[code: number | null]>
  return { child, output: () => output, ended }
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, 'localhost')
  const [event] = await Promise.race([
    once(socket, 'connect').then(() => ['yes']),
    once(socket, 'error').then(() => ['no']),
  ]).catch(() => ['no'])
  socket.destroy()
  return event === 'yes'
}

/** Another page of localhost is of the same site, so this browser's cookie would come with its form. */
async function refusesOtherSites(port: number) {
  const origin = `http://localhost:${port}`
  const enter = await fetch(`${origin}/sign-in`, {
    method: 'POST',
    headers: { origin },
    body: new URLSearchParams(DEMO_USERS.alice),
    redirect: 'manual',
  })
  const cookie = enter.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const add = async (from: Record<string, string>) => {
    const headers = { ...from, cookie }
    const body = new URLSearchParams({ task: 'Forged' })
    const init = { method: 'POST', headers, body, redirect: 'manual' } as const
    return (await fetch(`${origin}/add`, init)).status
  }
  assert.equal(await add({ origin: 'http://localhost:1' }), 403)
  assert.equal(await add({ origin: 'null' }), 403)
  assert.equal(await add({}), 403)
  const page = await (await fetch(origin, { headers: { cookie } })).text()
  assert.match(page, /alice@example\.com/)
  assert.doesNotMatch(page, /Forged/)
  assert.equal(await add({ origin }), 303)
}

test('an example starts with one command, and Ctrl-C leaves nothing of it running', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'example-'))
  const ports = {
    ...{ PORT: await freePort(), STAND_IN_PORT: await freePort() },
    ...{ PROXY_PORT: await freePort(), PGPORT: await freePort() },
  }
  const variables = Object.fromEntries(
    Object.entries(ports).map(([name, port]) => [name, `${port}`]),
  )
  const { child, output, ended } = start(['custom-jwt'], {
    ...variables,
    EXAMPLE_DATA_DIR: dataDir,
  })
  try {
    // What it asks lets the program's output arrive.
    await until(async () => (await isListening(ports.PORT)) && output().includes('Ctrl-C'))
    assert.match(output(), /alice@example\.com, bob@example\.com \(password: /)
    const page = await fetch(`http://localhost:${ports.PORT}/`)
    assert.match(await page.text(), /Sign in/)
    for (const port of Object.values(ports)) assert.ok(await isListening(port), output())
    await refusesOtherSites(ports.PORT)
    child.kill('SIGINT')
    assert.deepEqual(await ended, [0, null], output())
    for (const port of Object.values(ports)) assert.ok(!(await isListening(port)))
  } finally {
    child.kill('SIGKILL')
    rmSync(dataDir, { recursive: true, force: true })
  }
})

test('without a name, all examples are listed, and which of their variables are set', async () => {
  const { output, ended } = start([], { AUTH0_DOMAIN: 'tenant.example', VITE_SUPABASE_URL: '' })
  assert.deepEqual(await ended, [0, null])
  for (const name of exampleNames()) assert.ok(output().includes(`\n${name}: `), name)
  assert.match(output(), /✔ AUTH0_DOMAIN/)
  assert.match(output(), / {2}AUTH0_CLIENT_ID/)
})

test('a name that is none, and variables of which some are missing, end with a sentence', async () => {
  const none = start(['auth-zero'])
  assert.deepEqual(await none.ended, [1, null])
  assert.match(none.output(), /There is no example “auth-zero”\. The examples are: auth0, /)
  const clerk = start(['clerk'])
  assert.deepEqual(await clerk.ended, [1, null])
  assert.match(clerk.output(), /npm run up/)
  const partly = start(['auth0'], { AUTH0_DOMAIN: 'tenant.example', AUTH0_CLIENT_ID: 'x' })
  assert.deepEqual(await partly.ended, [1, null])
  assert.match(partly.output(), /AUTH0_DOMAIN, AUTH0_CLIENT_ID set, but not AUTH0_CLIENT_SECRET, /)
  const moved = start(['custom-jwt'], { PORT: '99999' })
  assert.deepEqual(await moved.ended, [1, null])
  assert.match(moved.output(), /PORT is not a port/)
})
