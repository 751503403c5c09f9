import { defineConfig, globalIgnores } from 'eslint/config'
import next from 'eslint-config-next/core-web-vitals'
import tseslint from 'typescript-eslint'
import { noCycle } from './dev/lint/no-cycle.js'

/** The borders between folders, as rules: what may not import what, and why. */
const packages = [
  {
    target: './proxy',
    from: ['./app', './lib', './db', './dev', './e2e', './bench'],
    message: 'proxy/ is a product of its own: it imports nothing from the app.',
  },
  {
    target: './dev/clerk',
    from: ['./app', './pages', './lib', './db', './proxy', './e2e', './bench'],
    message: 'dev/clerk is a package of its own: what it needs to know, it is told.',
  },
  {
    target: './dev/clerk',
    from: './dev',
    except: ['./clerk'],
    message: 'dev/clerk is a package of its own: what it needs to know, it is told.',
  },
  {
    target: ['./app', './pages', './lib', './db', './dev', './e2e', './proxy'],
    from: './bench',
    message: 'A fork may delete bench/ as one folder: nothing imports it.',
  },
  {
    target: ['./app', './pages', './lib', './db', './dev', './e2e', './proxy', './bench'],
    from: './examples',
    message: 'A fork may delete examples/ as one folder: nothing imports it.',
  },
  ...['./app/!(lab){,/**/*}', './{bench,db,dev,lib,pages,proxy}/**/*'].map((target) => ({
    target,
    from: './app/lab',
    message: 'A fork may delete app/lab/ as one folder: nothing imports it.',
  })),
]

/** A test file may cross these: it has to start the parts that it proves things about. */
const standIns = {
  target: ['./app', './pages', './lib', './db'],
  from: ['./dev', './e2e'],
  message: 'dev/ holds stand-ins for a laptop: nothing that ships may import them.',
}
const borders = [
  standIns,
  {
    target: ['./app', './pages', './lib'],
    from: './proxy',
    // Data: what the proxy's tests attack it with.
    except: ['./attacks'],
    message: 'The app talks to the SQL proxy over HTTP, never by import.',
  },
  {
    target: ['./app', './pages', './lib'],
    from: './app/lab/service',
    except: ['./api.ts', './client.ts', './sentence.ts'],
    message: 'The app talks to the lab’s service over HTTP, never by import.',
  },
]

/** Each vendor is known to one folder, so that another takes its place by changing that folder. */
const clerk = {
  group: ['@clerk/*'],
  message: 'lib/auth is the one place that knows Clerk: import from there.',
}
const driver = {
  group: ['@neondatabase/*', 'drizzle-orm/neon-http', 'drizzle-orm/pg-proxy'],
  message: 'lib/sql is the one place that knows the driver: import from there.',
}
const without = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] })

const [{ plugins, settings }] = next

/** Next's rules, where React is: some of them run the React Compiler over each file. */
const react = next
  .filter((config) => config.plugins !== undefined)
  .map((config) => ({ ...config, files: ['app/**/*.{ts,tsx}', 'lib/**/*.{ts,tsx}'] }))

export default defineConfig([
  globalIgnores([
    '.next/',
    '.next-*/',
    '.data/',
    'next-env.d.ts',
    'test-results/',
    'proxy/dist/',
    'proxy/test/compat/prisma/',
    'examples/*/{.next,.svelte-kit,build,dist}/',
  ]),
  ...react,
  { plugins: { import: plugins.import, project: { rules: { 'no-cycle': noCycle } } }, settings },
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname ?? new URL('./', import.meta.url).pathname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': true }],
      'no-console': 'error',
      'project/no-cycle': 'error',
      'import/no-restricted-paths': ['error', { zones: packages }],
    },
  },
  {
    ignores: ['**/*.test.ts', '**/testing/**'],
    rules: { 'import/no-restricted-paths': ['error', { zones: [...packages, ...borders] }] },
  },
  {
    // A program beside the app, which starts proxies of its own in front of scratch databases.
    files: ['app/lab/service/**'],
    ignores: ['**/*.test.ts'],
    rules: { 'import/no-restricted-paths': ['error', { zones: [...packages, standIns] }] },
  },
  { files: ['app/**', 'pages/**', 'lib/**', 'db/**', '*.ts'], rules: without(clerk, driver) },
  { files: ['lib/auth/**'], rules: without(driver) },
  { files: ['lib/sql/**', 'proxy/**'], rules: without(clerk) },
  {
    // node:test returns promises that its own runner awaits.
    files: ['**/*.test.ts', '**/testing/**'],
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'it', 'describe', 'suite'], package: 'node:test' },
          ],
        },
      ],
    },
  },
  { files: ['dev/**', 'bench/**', 'examples/**', 'proxy/test/**'], rules: { 'no-console': 'off' } },
  // What they import is not there before their own step has installed it.
  {
    files: ['proxy/test/compat/**', 'examples/*/**'],
    ignores: ['examples/{run,stand-in,testing,todos}/**'],
    extends: [tseslint.configs.disableTypeChecked],
  },
  { files: ['**/*.js', '**/*.mjs'], extends: [tseslint.configs.disableTypeChecked] },
])
