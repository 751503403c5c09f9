import { defineExample } from '../run/example'
import { startSupabase } from './stand-in'

export default defineExample({
  title: 'Supabase Auth',
  sdk: ['@supabase/auth-js'],
  framework: 'Vite',
  sqlFrom: 'frontend',
  hasSignUp: true,
  variables: {
    VITE_SUPABASE_URL: 'the project’s URL, such as https://your-project.supabase.co',
    VITE_SUPABASE_KEY: 'its publishable key',
  },
  startStandIn: startSupabase,
  provider: ({ VITE_SUPABASE_URL }) => ({
    preset: 'supabase',
    issuer: `${VITE_SUPABASE_URL}/auth/v1`,
  }),
  app: {
    publicPrefix: 'VITE_',
    build: [['node_modules/typescript/bin/tsc'], ['node_modules/vite/bin/vite.js', 'build']],
    start: ['node_modules/vite/bin/vite.js', 'preview'],
  },
})
