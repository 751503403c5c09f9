import { defineExample } from '../run/example'
import { startGoogle } from './stand-in'

export default defineExample({
  title: 'Google',
  sdk: ['google-auth-library'],
  framework: 'Node',
  sqlFrom: 'backend',
  // People make their account at Google.
  hasSignUp: false,
  variables: {
    GOOGLE_CLIENT_ID: 'of an OAuth client of the type “Web application”',
    GOOGLE_CLIENT_SECRET: 'of the same client',
  },
  startStandIn: startGoogle,
  provider: ({ GOOGLE_CLIENT_ID }) => ({ preset: 'google', audience: GOOGLE_CLIENT_ID }),
  app: {
    build: [['node_modules/typescript/bin/tsc']],
    start: ['--import', 'tsx', 'server.ts'],
  },
})
