import { defineExample } from '../run/example'
import { startAuthServer } from './stand-in'

export default defineExample({
  title: 'Custom JWT',
  sdk: ['jose'],
  framework: 'Node',
  sqlFrom: 'backend',
  hasSignUp: true,
  variables: {
    AUTH_URL: 'the address of a login server of your own, with the routes of stand-in.ts',
  },
  startStandIn: startAuthServer,
  provider: ({ AUTH_URL }) => ({
    preset: 'custom',
    issuer: AUTH_URL,
    jwksUrl: `${AUTH_URL}/.well-known/jwks.json`,
    audience: 'todos',
  }),
  app: {
    build: [['node_modules/typescript/bin/tsc']],
    start: ['--import', 'tsx', 'server.ts'],
  },
})
