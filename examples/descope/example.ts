import { defineExample } from '../run/example'
import { startDescope } from './stand-in'

export default defineExample({
  title: 'Descope',
  sdk: ['@descope/web-js-sdk'],
  framework: 'Next',
  sqlFrom: 'frontend',
  hasSignUp: true,
  variables: {
    NEXT_PUBLIC_DESCOPE_PROJECT_ID: 'the project’s id: Project, General',
    NEXT_PUBLIC_DESCOPE_BASE_URL:
      'https://api.descope.com, that of the project’s region, or its custom domain',
  },
  startStandIn: startDescope,
  provider: ({ NEXT_PUBLIC_DESCOPE_PROJECT_ID: projectId }) => ({ preset: 'descope', projectId }),
  app: {
    publicPrefix: 'NEXT_PUBLIC_',
    build: [['node_modules/next/dist/bin/next', 'build']],
    start: ['node_modules/next/dist/bin/next', 'start', '-H', 'localhost'],
  },
})
