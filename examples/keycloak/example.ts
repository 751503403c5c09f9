import { defineExample } from '../run/example'
import { startKeycloak } from './stand-in'

export default defineExample({
  title: 'Keycloak',
  sdk: ['keycloak-js'],
  framework: 'Vite',
  sqlFrom: 'frontend',
  hasSignUp: true,
  variables: {
    VITE_KEYCLOAK_URL: 'the server, such as https://keycloak.example.com',
    VITE_KEYCLOAK_REALM: 'the realm',
    VITE_KEYCLOAK_CLIENT_ID: 'of a public client with the standard flow',
  },
  startStandIn: startKeycloak,
  provider: ({ VITE_KEYCLOAK_URL, VITE_KEYCLOAK_REALM, VITE_KEYCLOAK_CLIENT_ID }) => ({
    preset: 'keycloak',
    issuer: `${VITE_KEYCLOAK_URL}/realms/${VITE_KEYCLOAK_REALM}`,
    authorizedParties: [VITE_KEYCLOAK_CLIENT_ID],
  }),
  app: {
    publicPrefix: 'VITE_',
    build: [['node_modules/typescript/bin/tsc'], ['node_modules/vite/bin/vite.js', 'build']],
    start: ['node_modules/vite/bin/vite.js', 'preview'],
  },
})
