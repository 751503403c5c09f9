import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { ESLint } from 'eslint'
import { configs } from 'typescript-eslint'

// Without the rules that need types, for which ESLint would have to read the whole project.
const eslint = new ESLint({ overrideConfig: [configs.disableTypeChecked] })

/** The rules that one line of code breaks when it stands in an existing file. */
async function brokenRules(code: string, filePath: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(code, { filePath })
  return result?.messages.map((message) => message.ruleId) ?? []
}

type Case = [what: string, code: string, file: string, rule: string]

/** A fork that has deleted the lab has nothing to import. */
const OF_LAB: Case[] = existsSync('app/lab')
  ? [
      ...['app/shell/drawer.tsx', 'app/layout.tsx', 'dev/stack.ts', 'lib/problem.ts'].map(
        (file): Case => [
          `${file} importing the lab, which a fork may delete`,
          "import '@/app/lab/rooms'",
          file,
          'import/no-restricted-paths',
        ],
      ),
      [
        'the lab’s rooms importing its service',
        "import './service/databases'",
        'app/lab/rooms.ts',
        'import/no-restricted-paths',
      ],
    ]
  : []

/** As is true of a fork that has deleted the examples. */
const OF_EXAMPLES: Case[] = existsSync('examples')
  ? ['dev/test.ts', 'proxy/test/testing/proxy.ts', 'app/layout.tsx'].map((file): Case => [
      `${file} importing an example, which a fork may delete`,
      "import '@/examples/todos/queries'",
      file,
      'import/no-restricted-paths',
    ])
  : []

const FORBIDDEN: Case[] = [
  [
    'the proxy importing from the app',
    "import '../../lib/problem'",
    'proxy/src/main.ts',
    'import/no-restricted-paths',
  ],
  [
    'the proxy importing from the database folder',
    "import '../../db/schema'",
    'proxy/src/main.ts',
    'import/no-restricted-paths',
  ],
  [
    'a test of the proxy importing from dev/',
    "import '../../dev/env'",
    'proxy/test/roles.test.ts',
    'import/no-restricted-paths',
  ],
  [
    'a test of the local Clerk importing the app’s users',
    "import '../../db/demo-users'",
    'dev/clerk/server.test.ts',
    'import/no-restricted-paths',
  ],
  [
    'the local Clerk importing from dev/',
    "import '../ports'",
    'dev/clerk/server.ts',
    'import/no-restricted-paths',
  ],
  ...['dev/recipes.test.ts', 'dev/up.ts', 'e2e/stack.ts', 'db/check.test.ts'].map((file): Case => [
    `${file} importing the benchmark, which a fork may delete`,
    "import '../bench/options'",
    file,
    'import/no-restricted-paths',
  ]),
  ...OF_EXAMPLES,
  ...OF_LAB,
  [
    'the app importing from dev/',
    "import '../dev/env'",
    'app/layout.tsx',
    'import/no-restricted-paths',
  ],
  [
    'the database folder importing from dev/',
    "import '../../dev/env'",
    'db/schema/todos.ts',
    'import/no-restricted-paths',
  ],
  [
    'the app importing the SQL proxy',
    "import '../proxy/src/config/config'",
    'app/layout.tsx',
    'import/no-restricted-paths',
  ],
  ...(
    [
      [
        'the driver',
        "import '@neondatabase/serverless'",
        ['app/layout.tsx', 'lib/auth/session.ts'],
      ],
      ['the driver', "import 'drizzle-orm/neon-http'", ['db/queries/todos.ts', 'lib/problem.ts']],
      ['Clerk', "import '@clerk/nextjs'", ['app/layout.tsx', 'lib/sql/connect.ts', 'proxy.ts']],
      ['Clerk', "import '@clerk/nextjs/server'", ['app/page.tsx', 'lib/app-origin.ts']],
      ['Clerk', "import '@clerk/backend'", ['db/seed.ts', 'proxy/src/main.ts']],
    ] as const
  ).flatMap(([vendor, code, files]) =>
    files.map((file): Case => [
      `${vendor} known to ${file} (${code})`,
      code,
      file,
      'no-restricted-imports',
    ]),
  ),
]

for (const [what, code, file, rule] of FORBIDDEN) {
  test(`lint refuses ${what}`, async () => {
    assert.ok((await brokenRules(code, file)).includes(rule))
  })
}

test('lint refuses an import that leads back, at any distance, and lets types do so', async () => {
  const [result] = await eslint.lintText("import '../postgres/pool'", {
    filePath: 'proxy/src/postgres/flight.ts',
  })
  const cycles = result?.messages.filter(({ ruleId }) => ruleId === 'project/no-cycle') ?? []
  assert.match(cycles.map(({ message }) => message).join(), /pool\.ts → .*flight\.ts\.$/)
  const types = await brokenRules(
    "import type { Pool } from '../postgres/pool'\nexport type P = Pool",
    'proxy/src/postgres/flight.ts',
  )
  assert.ok(!types.includes('project/no-cycle'))
})

test('lint lets each vendor’s own folder import it', async () => {
  const allowed = [
    ["import '@clerk/nextjs'", 'lib/auth/session.ts'],
    ["import '@neondatabase/serverless'", 'lib/sql/connect.ts'],
  ] as const
  for (const [code, file] of allowed) {
    assert.ok(!(await brokenRules(code, file)).includes('no-restricted-imports'), file)
  }
})
