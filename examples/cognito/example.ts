import { defineExample } from '../run/example'
import { startCognito } from './stand-in'

export default defineExample({
  title: 'Amazon Cognito',
  sdk: ['amazon-cognito-identity-js'],
  framework: 'Vite',
  sqlFrom: 'frontend',
  hasSignUp: true,
  variables: {
    VITE_COGNITO_USER_POOL_ID: 'the user pool’s ID, such as eu-central-1_YourPool',
    VITE_COGNITO_CLIENT_ID: 'of an app client without a secret',
  },
  startStandIn: startCognito,
  provider: ({ VITE_COGNITO_USER_POOL_ID, VITE_COGNITO_CLIENT_ID }) => ({
    preset: 'cognito',
    userPoolId: VITE_COGNITO_USER_POOL_ID,
    audience: VITE_COGNITO_CLIENT_ID,
  }),
  app: {
    publicPrefix: 'VITE_',
    build: [['node_modules/typescript/bin/tsc'], ['node_modules/vite/bin/vite.js', 'build']],
    start: ['node_modules/vite/bin/vite.js', 'preview'],
  },
})
