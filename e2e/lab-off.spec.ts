import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { freePort } from '../proxy/test/postgres/test-server'
import { expect, test } from './fixtures'

test('with the lab off, its pages explain it, and none of its powers are there', async ({
  request,
}) => {
  const app = await startWithoutLab()
  for (const [room, recorded, power] of [
    ['policies', 'A recorded trial: Bob reads every todo', 'Try it, and undo it'],
    ['tokens', 'HMAC with the public key', 'Make it and send it'],
    ['break-in', 'Read everyone’s rows', 'In a scratch database'],
  ] as const) {
    const page = await (await request.get(`${app.origin}/lab/${room}`)).text()
    expect(page).toContain('The lab is off here')
    expect(page).toContain(recorded)
    expect(page).not.toContain(power)
  }
  for (const [method, path] of POWERS) {
    const answer = await request.fetch(`${app.origin}/lab/api${path}`, {
      method,
      // As from a page of the app.
      headers: { 'sec-fetch-site': 'same-origin' },
      ...(method === 'POST' ? { data: {} } : {}),
    })
    expect(answer.status(), `${method} ${path}`).toBe(404)
    expect(await answer.json()).toEqual({ error: 'The lab is off.' })
  }
  await app.stop()
})

const WORLD = '/worlds/00000000-0000-4000-8000-000000000000'
const POWERS = [
  ['POST', '/worlds'],
  ['POST', `${WORLD}/run`],
  ['POST', `${WORLD}/try`],
  ['POST', `${WORLD}/verify`],
  ['GET', `${WORLD}/catalog`],
  ['POST', '/tokens'],
  ['POST', '/measurements'],
] as const

/** The same build of the app, beside the one under test, on a port of its own. */
async function startWithoutLab() {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const child = spawn(
    process.execPath,
    ['node_modules/next/dist/bin/next', 'start', '-p', String(port), '-H', 'localhost'],
    {
      env: {
        ...process.env,
        ...parseEnv(readFileSync('.data/test/env', 'utf8')),
        ...{ NODE_ENV: 'production', NEXT_DIST_DIR: '.next-test', NEXT_TELEMETRY_DISABLED: '1' },
        ...{ LAB: 'off', APP_ORIGIN: origin },
      },
      stdio: 'ignore',
    },
  )
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const isUp = () =>
    fetch(`${origin}/icon.svg`).then(
      ({ ok }) => ok,
      () => false,
    )
  await expect.poll(isUp, { timeout: 30_000 }).toBe(true)
  return {
    origin,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}
