import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { freePort } from '../proxy/test/postgres/test-server'
import { expect, test } from './fixtures'

test('with the lab off, its pages explain it, and none of its powers are there', async ({
  browser,
}) => {
  const app = await startWithoutLab()
  const context = await browser.newContext({ baseURL: app.origin })
  const page = await context.newPage()
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await page.goto('/lab/policies')
  await expect(page.getByRole('heading', { name: 'The lab is off here' })).toBeVisible()
  await expect(page.getByRole('button', { name: /Try it|Measure/ })).toHaveCount(0)
  for (const [method, path] of POWERS) {
    const answer = await page.evaluate(
      async ([url, init]) => {
        const response = await fetch(url, init)
        return [response.status, await response.text()] as const
      },
      [`/lab/api${path}`, { method, body: method === 'POST' ? '{}' : null }] as const,
    )
    expect(answer, `${method} ${path}`).toEqual([404, '{"error":"The lab is off."}'])
  }
  expect(asked.filter((path) => path.startsWith('/lab/api')).length).toBe(POWERS.length)
  await context.close()
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
