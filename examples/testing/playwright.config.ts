/** The shared story runs against an example that `npm run example:test` has started, in the browser of the app's own tests. */
import base from '../../playwright.config'

const config: typeof base = {
  testDir: '..',
  // From the project's root.
  testMatch: `**/${process.env.EXAMPLE_STORY ?? ''}`,
  outputDir: '../../test-results/examples',
  reporter: 'list',
  forbidOnly: Boolean(process.env.CI),
  timeout: 120_000,
  expect: { timeout: 15_000 },
  use: { ...base.use, baseURL: process.env.EXAMPLE_ORIGIN ?? '' },
}

export default config
