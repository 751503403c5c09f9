import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ESLint } from 'eslint'

const eslint = new ESLint()

/** The rules that one line of code breaks when it stands in an existing file. */
async function brokenRules(code: string, filePath: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(code, { filePath })
  return result?.messages.map((message) => message.ruleId) ?? []
}

const FORBIDDEN: [string, string, string, string][] = [
  [
    'the proxy importing from the app',
    "import '../lib/session'",
    'proxy/src/main.ts',
    'import/no-restricted-paths',
  ],
  [
    'the proxy importing from the database folder',
    "import '../db/schema'",
    'proxy/src/main.ts',
    'import/no-restricted-paths',
  ],
  ['the app importing from dev/', "import './env'", 'app/layout.tsx', 'import/no-restricted-paths'],
  [
    'the database folder importing from dev/',
    "import './env'",
    'db/schema/todos.ts',
    'import/no-restricted-paths',
  ],
  [
    'the app importing the SQL proxy',
    "import '../proxy/src/config/config'",
    'app/layout.tsx',
    'import/no-restricted-paths',
  ],
  [
    'the app importing the driver',
    "import '@neondatabase/serverless'",
    'app/layout.tsx',
    'no-restricted-imports',
  ],
  [
    'the app importing Clerk’s server side',
    "import '@clerk/nextjs/server'",
    'app/layout.tsx',
    'no-restricted-imports',
  ],
]

for (const [what, code, file, rule] of FORBIDDEN) {
  test(`lint refuses ${what}`, async () => {
    assert.ok((await brokenRules(code, file)).includes(rule))
  })
}
