import { defineExample } from '../run/example'
import { startSupertokens } from './stand-in'

export default defineExample({
  title: 'SuperTokens',
  sdk: ['supertokens-node', 'supertokens-web-js'],
  framework: 'Nest and Solid',
  sqlFrom: 'backend',
  hasSignUp: true,
  variables: {
    SUPERTOKENS_CONNECTION_URI: 'the address of the core, of your own or under “Connection URI”',
    SUPERTOKENS_API_KEY: 'the core’s API key',
    API_DOMAIN: 'where this app’s API answers, here http://localhost:3200',
  },
  startStandIn: startSupertokens,
  provider: ({ API_DOMAIN }) => ({ preset: 'supertokens', issuer: `${API_DOMAIN}/auth` }),
  app: {
    build: [
      ['node_modules/typescript/bin/tsc', '-p', '.'],
      ['node_modules/vite/bin/vite.js', 'build'],
      ['node_modules/vite/bin/vite.js', 'build', '--ssr', 'main.ts'],
    ],
    start: ['build/api/main.js'],
  },
})
