/** A local Clerk for one test, on a free port, with a clock that the test controls. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { startClerk, type ClerkOptions, type RunningClerk } from '../server'

export const SECRET_KEY = 'sk_test_only_for_tests'
export const PUBLISHABLE_KEY = `pk_test_${Buffer.from('local-emu-1.clerk.accounts.dev$').toString('base64')}`

const person = (id: string, email: string, firstName: string, publicMetadata = {}) => ({
  id,
  email,
  firstName,
  publicMetadata,
})
export const ALICE = person('user_alice', 'alice@example.com', 'Alice')
export const BOB = person('user_bob', 'bob@example.com', 'Bob')
export const MODERATOR = person('user_mo', 'mo@example.com', 'Mo', { role: 'moderator' })

export type TestClerk = RunningClerk & {
  stateFile: string
  passSeconds: (seconds: number) => void
  /** Stops it and starts it again on the same state. */
  restart: () => Promise<void>
}

/** The state of a first start: its key takes long to make, so tests share one. */
let firstState: string | undefined

/** Stops with the test. */
export async function startTestClerk(
  t: TestContext,
  options: Partial<ClerkOptions> = {},
): Promise<TestClerk> {
  const directory = mkdtempSync(join(tmpdir(), 'local clerk '))
  const stateFile = join(directory, 'state', 'clerk.json')
  if (firstState !== undefined) {
    mkdirSync(dirname(stateFile))
    writeFileSync(stateFile, firstState, { mode: 0o600 })
  }
  let now = Date.now()
  const start = (port: number) =>
    startClerk({
      appOrigin: 'http://localhost:3000',
      stateFile,
      secretKey: SECRET_KEY,
      publishableKey: PUBLISHABLE_KEY,
      demoUsers: { alice: ALICE, bob: BOB, moderator: MODERATOR },
      assetsDir: directory,
      now: () => now,
      ...options,
      port,
    })
  let running: RunningClerk | undefined
  t.after(async () => {
    await running?.stop()
    rmSync(directory, { recursive: true })
  })
  running = await start(options.port ?? 0)
  const { url } = running
  firstState ??= readFileSync(stateFile, 'utf8')
  return {
    url,
    stateFile,
    stop: async () => running?.stop(),
    passSeconds: (seconds) => {
      now += seconds * 1000
    },
    restart: async () => {
      await running?.stop()
      running = await start(Number(new URL(url).port))
    },
  }
}
