/** Browser tests run against a stack of their own: real Postgres, proxy, Clerk SDK, production build. */
import { defineConfig, devices } from '@playwright/test'
import { availableParallelism } from 'node:os'
import { ORIGIN } from './e2e/stack'

const PROOFS = /(isolation|hostile-sql|sharing|moderation|tokens|lab-off)\.spec\.ts$/

const executablePath = process.env.CHROMIUM_PATH

export default defineConfig({
  testDir: 'e2e',
  // `npm run screenshots` asks for pictures, and for nothing else.
  testMatch: process.env.PICTURES ? '**/*.pictures.ts' : '**/*.spec.ts',
  outputDir: 'test-results/browser',
  // The one snapshot is a file of the app: what the landing page plays.
  snapshotPathTemplate: 'app/home/exchange/{arg}{ext}',
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  // One more than processors, for one test waits until a token has expired. It goes first.
  workers: availableParallelism() + 1,
  projects: [
    { name: 'patience', grep: /@waits/ },
    // What one user must never see of another: a single success of an attack is one too many.
    { name: 'proofs', grepInvert: /@waits/, testMatch: process.env.PICTURES ? [] : PROOFS },
    {
      name: 'stories',
      grepInvert: /@waits/,
      testIgnore: PROOFS,
      // On a busy machine a person's story may time out. The run's last lines name it as flaky.
      retries: process.env.CI ? 1 : 0,
    },
  ],
  timeout: 60_000,
  globalTimeout: 20 * 60_000,
  expect: { timeout: 10_000 },
  use: {
    ...devices['Desktop Chrome'],
    baseURL: ORIGIN,
    // It would answer for the network that a test breaks. Tests of it allow it.
    serviceWorkers: 'block',
    // A trace takes a quarter of a test's time: ask for it with `npx playwright test --trace on`.
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: [
        // Chromium's sandbox does not start for root, which is who runs in most containers.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  webServer: {
    command: 'node dev/run.mjs dev/up.ts --test',
    // Also for the measurements, whose configuration is in another folder.
    cwd: import.meta.dirname,
    url: `${ORIGIN}/sign-in`,
    reuseExistingServer: false,
    timeout: 5 * 60_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 30_000 },
    stdout: 'pipe',
    stderr: 'pipe',
  },
})
