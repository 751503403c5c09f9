import { defineExample } from '../run/example'
import { startEntra } from './stand-in'

export default defineExample({
  title: 'Entra External ID / B2C',
  sdk: ['@azure/msal-node'],
  framework: 'Next',
  sqlFrom: 'backend',
  hasSignUp: true,
  variables: {
    ENTRA_METADATA_URL:
      'the “OpenID Connect metadata document”, under “Endpoints” of the app registration',
    ENTRA_ISSUER: 'the `issuer` of that document',
    ENTRA_CLIENT_ID: 'the “Application (client) ID”',
    ENTRA_CLIENT_SECRET: 'the value of a secret, under “Certificates & secrets”',
    ENTRA_SCOPE: 'the full name of the scope, under “Expose an API”',
  },
  startStandIn: startEntra,
  provider: ({ ENTRA_ISSUER, ENTRA_CLIENT_ID, ENTRA_METADATA_URL }) => ({
    preset: 'azure-ad',
    issuer: ENTRA_ISSUER,
    audience: ENTRA_CLIENT_ID,
    // B2C has keys for each user flow, which its issuer does not name.
    jwksUrl: ENTRA_METADATA_URL.replace(/\/v2\.0\/\.well-known\/.*/, '/discovery/v2.0/keys'),
  }),
  app: {
    variables: ({ origin }) => ({ APP_ORIGIN: origin }),
    build: [['node_modules/next/dist/bin/next', 'build']],
    start: ['node_modules/next/dist/bin/next', 'start', '-H', 'localhost'],
  },
})
