/** The whole app for a measurement: production build, local Clerk, proxy and Postgres, on ports of its own. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { readOrCreateEnvFile, resolveEnv, type StackEnv } from '../../dev/env'
import { startStack } from '../../dev/stack'
import type { Bench } from '../bench'

/** Neither those of `npm run up` nor those of the browser tests. */
const PORTS = {
  ...{ app: 3200, proxy: 4644, clerk: 4645, lab: 4646 },
  ...{ postgres: 54529, sessions: 54530 },
}
const DATA_DIR = join('.data', 'bench')
export const DIST_DIR = '.next-bench'

export type AppStack = {
  readonly env: StackEnv
  readonly appUrl: string
  readonly stop: () => Promise<void>
}

/** @throws UserError when a part cannot be started */
export async function startAppStack({ signal, atEnd }: Bench): Promise<AppStack> {
  rmSync(DATA_DIR, { recursive: true, force: true })
  mkdirSync(DATA_DIR, { recursive: true })
  const env = resolveEnv(readOrCreateEnvFile(join(DATA_DIR, 'env'), PORTS).variables, {
    LAB: 'off',
  })
  const stopping = new AbortController()
  const running = startStack(
    { env, dataDir: DATA_DIR, distDir: DIST_DIR, watch: false, reset: true },
    AbortSignal.any([signal, stopping.signal]),
  )
  const stop = atEnd(async () => {
    stopping.abort()
    // It ends with the reason for which it was ended.
    await running.catch(() => undefined)
  })
  // By name, as in a browser: the session's token is for this origin.
  const appUrl = `http://localhost:${PORTS.app}`
  const isUp = async (): Promise<void> => {
    while (!(await answers(`${appUrl}/sign-in`))) await wait(100, undefined, { signal })
  }
  await Promise.race([isUp(), running])
  return { env, appUrl, stop }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url)
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}
