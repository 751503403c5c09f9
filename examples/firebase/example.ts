import { defineExample } from '../run/example'
import { startFirebase } from './stand-in'

export default defineExample({
  title: 'Firebase',
  sdk: ['firebase'],
  framework: 'Vite',
  sqlFrom: 'frontend',
  hasSignUp: true,
  variables: {
    VITE_FIREBASE_API_KEY: 'the Web API key, under “Project settings”',
    VITE_FIREBASE_PROJECT_ID: 'the project ID, beside it',
  },
  startStandIn: startFirebase,
  provider: ({ VITE_FIREBASE_PROJECT_ID: projectId }) => ({ preset: 'firebase', projectId }),
  app: {
    publicPrefix: 'VITE_',
    build: [['node_modules/typescript/bin/tsc'], ['node_modules/vite/bin/vite.js', 'build']],
    start: ['node_modules/vite/bin/vite.js', 'preview'],
  },
})
