import { defineExample } from '../run/example'
import { startAuth0 } from './stand-in'

export default defineExample({
  title: 'Auth0',
  sdk: ['@auth0/nextjs-auth0'],
  framework: 'Next',
  sqlFrom: 'backend',
  hasSignUp: true,
  variables: {
    AUTH0_DOMAIN: 'your tenant’s domain, such as your-tenant.eu.auth0.com',
    AUTH0_CLIENT_ID: 'of a Regular Web Application',
    AUTH0_CLIENT_SECRET: 'of the same application',
    AUTH0_AUDIENCE: 'the identifier of an API of yours: without one, access tokens are no JWTs',
  },
  startStandIn: startAuth0,
  provider: ({ AUTH0_DOMAIN, AUTH0_AUDIENCE }) => ({
    preset: 'auth0',
    issuer: AUTH0_DOMAIN.startsWith('http://') ? `${AUTH0_DOMAIN}/` : `https://${AUTH0_DOMAIN}/`,
    audience: AUTH0_AUDIENCE,
  }),
  app: {
    variables: ({ origin, secret }) => ({ APP_BASE_URL: origin, AUTH0_SECRET: secret }),
    build: [['node_modules/next/dist/bin/next', 'build']],
    start: ['node_modules/next/dist/bin/next', 'start', '-H', 'localhost'],
  },
})
