import { defineExample } from '../run/example'
import { startStytch } from './stand-in'

export default defineExample({
  title: 'Stytch',
  sdk: ['stytch'],
  framework: 'Next',
  sqlFrom: 'backend',
  hasSignUp: true,
  variables: {
    STYTCH_PROJECT_ID: 'the project’s id: Dashboard, Project settings',
    STYTCH_SECRET: 'a secret of the project: Dashboard, Project settings',
    STYTCH_ENV:
      'https://test.stytch.com/ for a test project, https://api.stytch.com/ for a live one',
  },
  startStandIn: startStytch,
  provider: ({ STYTCH_PROJECT_ID: projectId }) => ({ preset: 'stytch', projectId }),
  app: {
    build: [['node_modules/next/dist/bin/next', 'build']],
    start: ['node_modules/next/dist/bin/next', 'start', '-H', 'localhost'],
  },
})
