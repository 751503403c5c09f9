/** `npm run speed`: how fast the list feels, in the tests' own stack. A measurement, not a test: it needs a quiet machine. */
import base from '../../playwright.config'

const config: typeof base = {
  ...base,
  testDir: '.',
  testMatch: '*.measure.ts',
  outputDir: '../../test-results/speed',
  projects: [{ name: 'speed' }],
  workers: 1,
  timeout: 5 * 60_000,
  reporter: 'line',
}

export default config
