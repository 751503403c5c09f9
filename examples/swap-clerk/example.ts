import { migrate } from '../../db/migrate'
import auth0 from '../auth0/example'
import { defineExample } from '../run/example'

/** The main app's own. */
const NEXT = '../../node_modules/next/dist/bin/next'

export default defineExample({
  title: 'Auth0 in the main app',
  sdk: auth0.sdk,
  framework: 'Next',
  sqlFrom: 'backend and frontend',
  hasSignUp: true,
  variables: auth0.variables,
  startStandIn: auth0.startStandIn,
  provider: auth0.provider,
  install: (options) => migrate({ ...options, live: true }),
  story: 'swap-clerk.story.ts',
  app: {
    publicPrefix: 'NEXT_PUBLIC_',
    variables: ({ origin, secret }) => ({
      APP_ORIGIN: origin,
      APP_BASE_URL: origin,
      AUTH0_SECRET: secret,
    }),
    sources: ['app', 'lib', 'db', 'proxy.ts', 'next.config.js'],
    build: [['copy-app.mjs'], [NEXT, 'build', 'build']],
    start: [NEXT, 'start', 'build', '-H', 'localhost'],
  },
})
