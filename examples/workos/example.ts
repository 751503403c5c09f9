import { defineExample } from '../run/example'
import { startWorkos } from './stand-in'

export default defineExample<'WORKOS_CLIENT_ID' | 'WORKOS_API_KEY'>({
  title: 'WorkOS',
  sdk: ['@workos/authkit-sveltekit'],
  framework: 'SvelteKit',
  sqlFrom: 'backend',
  hasSignUp: true,
  variables: {
    WORKOS_CLIENT_ID: 'the client ID, under “API Keys”',
    WORKOS_API_KEY: 'the secret key, under “API Keys”',
  },
  startStandIn: startWorkos,
  provider: ({ WORKOS_CLIENT_ID }) => ({ preset: 'workos', clientId: WORKOS_CLIENT_ID }),
  app: {
    variables: ({ origin, secret }) => ({
      // Without them, it listens on each address, and takes itself for https.
      HOST: 'localhost',
      ORIGIN: origin,
      WORKOS_REDIRECT_URI: `${origin}/callback`,
      WORKOS_COOKIE_PASSWORD: secret,
    }),
    build: [
      ['node_modules/@sveltejs/kit/svelte-kit.js', 'sync'],
      ['node_modules/svelte-check/bin/svelte-check'],
      ['node_modules/vite/bin/vite.js', 'build'],
    ],
    start: ['build'],
  },
})
