import { defineExample } from '../run/example'
import { startStackAuth } from './stand-in'

export default defineExample({
  title: 'Stack Auth',
  sdk: ['@stackframe/stack'],
  framework: 'Next',
  sqlFrom: 'backend',
  hasSignUp: true,
  variables: {
    NEXT_PUBLIC_STACK_PROJECT_ID: 'the project’s id: Project keys',
    NEXT_PUBLIC_STACK_PUBLISHABLE_CLIENT_KEY: 'a publishable client key: Project keys',
    NEXT_PUBLIC_STACK_API_URL: 'https://api.stack-auth.com, or the address of a server of your own',
    STACK_SECRET_SERVER_KEY: 'a secret server key: Project keys',
  },
  startStandIn: startStackAuth,
  provider: ({ NEXT_PUBLIC_STACK_API_URL: api, NEXT_PUBLIC_STACK_PROJECT_ID: projectId }) => ({
    preset: 'stack-auth',
    issuer: `${api}/api/v1/projects/${projectId}`,
  }),
  app: {
    build: [['node_modules/next/dist/bin/next', 'build']],
    start: ['node_modules/next/dist/bin/next', 'start', '-H', 'localhost'],
  },
})
