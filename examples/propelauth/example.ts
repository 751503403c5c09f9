import { defineExample } from '../run/example'
import { startPropelAuth } from './stand-in'

export default defineExample({
  title: 'PropelAuth',
  sdk: ['@propelauth/nextjs', '@propelauth/javascript'],
  framework: 'Next',
  sqlFrom: 'backend and frontend',
  hasSignUp: true,
  variables: {
    NEXT_PUBLIC_AUTH_URL: 'the Auth URL: Frontend Integration',
    PROPELAUTH_API_KEY: 'an API key: Backend Integration',
    PROPELAUTH_VERIFIER_KEY:
      'the public key: Backend Integration, with its line breaks or with \\n',
  },
  startStandIn: startPropelAuth,
  provider: ({ NEXT_PUBLIC_AUTH_URL: issuer }) => ({ preset: 'propelauth', issuer }),
  app: {
    publicPrefix: 'NEXT_PUBLIC_',
    variables: ({ origin }) => ({ PROPELAUTH_REDIRECT_URI: `${origin}/api/auth/callback` }),
    build: [['node_modules/next/dist/bin/next', 'build']],
    start: ['node_modules/next/dist/bin/next', 'start', '-H', 'localhost'],
  },
})
