/** Every block of code in every page is executed here, or is listed with the reason why it is not. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { z } from 'zod'
import { CUSTOM_CLAIMS } from './clerk/session-claims'
import { readOptions } from '../proxy/check/command'
import { report } from '../proxy/check/report'
import { runChecks } from '../proxy/check/run'
import { parseConfig } from '../proxy/src/config/config'
import { startPasswordProxy, type PasswordProxy } from '../proxy/test/testing/password'
import { providerSchema } from '../proxy/src/auth/tokens/provider-config'
import { startTestDatabase } from './postgres/testing/test-database'

type Block = { readonly page: string; readonly language: string; readonly code: string }

const SKIPPED = new Set(['node_modules', '.git', '.next', '.data', 'test-results', 'build'])

function pagesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : pagesIn(path)
    return entry.name.endsWith('.md') ? [path] : []
  })
}

/** dev/add-a-table.test.ts follows it, block by block. */
const FOLLOWED = join('docs', 'add-a-table.md')

const PAGES = pagesIn('.').filter((page) => page !== FOLLOWED)
const BLOCKS: readonly Block[] = PAGES.flatMap((page) =>
  [...readFileSync(page, 'utf8').matchAll(/^ *(```+|~~~+)(.*)\n([\s\S]*?)^ *\1 *$/gm)].map(
    ([, , language = '', code = '']) => ({ page, language: language.trim(), code }),
  ),
)

/** Blocks that cannot be executed here: page, language, a part of the text, and why. */
type NotExecuted = readonly [page: string, language: string, part: string, why: string]
const BLOCKS_OF_ALL: readonly NotExecuted[] = [
  ['docs/how-it-works.md', '', 'browser                       app', 'a drawing'],
  ['proxy/src/postgres/README.md', 'mermaid', 'flowchart LR', 'a drawing'],
  ['proxy/README.md', 'mermaid', 'flowchart LR', 'a drawing'],
  [
    'proxy/README.md',
    'bash',
    'PGPASSWORD=$JWT',
    'needs psql; proxy/test/sessions/tcp.test.ts runs it',
  ],
  ['proxy/README.md', 'bash', 'auth.method=oauth', 'needs psql 18 and an issuer over HTTPS'],
  ['proxy/src/live/README.md', 'mermaid', 'flowchart LR', 'a drawing'],
  [
    'proxy/README.md',
    'console',
    'text/event-stream',
    'proxy/test/live/live.test.ts sends the same',
  ],
  [
    'proxy/README.md',
    'ts',
    'liveBy(',
    'tables of no one schema; db/live-rows.test.ts installs such',
  ],
  // Of these, the scripts and the options of the checks are looked up below.
  ['README.md', 'sh', 'npm run up', 'starts everything and does not end; e2e/ starts the same'],
  ['proxy/README.md', 'sh', 'npm run proxy', 'does not end; proxy/test/run.test.ts starts it'],
  [
    'docs/swap-clerk.md',
    'sh',
    'npm run example swap-clerk',
    'does not end; examples/swap-clerk has its contract and its story',
  ],
  ['docs/checks.md', 'sh', '--accept', 'takes a minute; db/check.test.ts runs the command'],
]
const BLOCKS_OF_LAB: readonly NotExecuted[] = [
  ['docs/workshop.md', 'sh', 'npm run up', 'does not end; e2e/lab-workshop.spec.ts takes the rest'],
  [
    'docs/self-study.md',
    'sql',
    "current_setting('work_mem')",
    'app/lab/attempt/scene.test.ts runs each statement',
  ],
  ['docs/self-study.md', 'sql', 'ilike $2', 'a condition, and no statement'],
]
const BLOCKS_OF_BENCH: readonly NotExecuted[] = [
  ['bench/README.md', 'sh', 'npm run bench', 'takes half an hour; bench/options.test.ts reads it'],
  ['bench/results.md', '', 'Sort (actual rows', 'a plan that Postgres printed'],
  ['bench/results.md', '', 'Limit (actual rows', 'a plan that Postgres printed'],
]
const BLOCKS_OF_EXAMPLES: readonly NotExecuted[] = [
  ['examples/README.md', 'sh', 'npm run example', 'does not end; its test starts each'],
]
/** A fork may have deleted the benchmark, the examples, and the lab. */
const NOT_EXECUTED = [
  ...BLOCKS_OF_ALL,
  ...(existsSync('bench') ? BLOCKS_OF_BENCH : []),
  ...(existsSync('examples') ? BLOCKS_OF_EXAMPLES : []),
  ...(existsSync('app/lab') ? BLOCKS_OF_LAB : []),
]

/** Blocks that are executed below. */
const EXECUTED: readonly (readonly [page: string, language: string, part: string])[] = [
  ['docs/how-it-works.md', 'js', 'Clerk.session.getToken()'],
  ['docs/make-it-yours.md', 'json', '"email_verified"'],
  ['proxy/README.md', 'json', '"preset": "clerk"'],
  ['proxy/README.md', 'json', '"roles"'],
  ['proxy/README.md', 'sql', 'create role moderator'],
  ['proxy/README.md', 'sql', 'create table notes'],
  ['proxy/README.md', 'sql', 'create table albums'],
  ['proxy/README.md', 'ts', 'neonConfig.fetchEndpoint'],
  // Of these, it is looked up that the code has them.
  ['docs/sharing.md', 'ts', 'users see their own reports'],
  ['docs/sharing.md', 'ts', 'owners rename their lists'],
  ['docs/sharing.md', 'sql', 'access.lists_i_see()'],
]

function block(page: string, language: string, part: string): string {
  const [only, ...more] = BLOCKS.filter(
    (one) => one.page === page && one.language === language && one.code.includes(part),
  )
  assert.ok(only !== undefined && more.length === 0, `${page} has not one block with ${part}`)
  return only.code
}

test('every block of code is executed or listed with a reason', () => {
  const known = [...EXECUTED, ...NOT_EXECUTED]
  const has = (one: Block, [page, language, part]: (typeof known)[number]) =>
    one.page === page && one.language === language && one.code.includes(part)
  for (const one of BLOCKS) {
    const is = known.filter((entry) => has(one, entry))
    assert.equal(is.length, 1, `${one.page}, ${one.language}: ${one.code}`)
  }
  for (const entry of known) {
    assert.ok(
      BLOCKS.some((one) => has(one, entry)),
      `${entry.join(', ')}: there is no such block any more`,
    )
  }
})

let local: PasswordProxy
const MODERATOR = `moderator_${randomBytes(4).toString('hex')}`
const FOLDER = join('test-results', `recipes-${process.pid}`)
/** A role belongs to the whole server, which other tests may share. */
const own = (code: string) => code.replaceAll(/\bmoderator\b/g, MODERATOR)

before(async () => {
  mkdirSync(FOLDER, { recursive: true })
  local = await startPasswordProxy({}, startTestDatabase)
  await local.proxy.asOwner(
    `insert into todos (user_id, task) values ('alice', 'milk'), ('bob', 'bread')`,
  )
})
after(async () => {
  rmSync(FOLDER, { recursive: true, force: true })
  await local.stop()
})

async function run(name: string, code: string, env: Record<string, string> = {}): Promise<string> {
  const path = join(FOLDER, name)
  writeFileSync(path, code)
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', path], {
    env: { ...process.env, ...env },
  })
  return stdout
}

const rowsOf = z.array(z.record(z.string(), z.unknown()))

async function ask(sub: string, query: string, options: { role?: string; url?: string } = {}) {
  const { role = 'authenticated', url = local.proxy.sqlUrl } = options
  const claims = role === 'authenticated' ? {} : { metadata: { role } }
  const organization = { o: { id: `org_${sub}`, rol: sub === 'alice' ? 'admin' : 'member' } }
  const { json } = await local.proxy.post(
    { query },
    {
      sqlUrl: url,
      token: await local.proxy.issuer.token(sub, { ...organization, ...claims }),
      headers: {
        'neon-connection-string': local.proxy.connectionString.replace(
          'authenticated@',
          `${role}@`,
        ),
      },
    },
  )
  const rows = rowsOf.safeParse(json.rows)
  return rows.success ? rows.data : String(json.message)
}

test('npm commands exist, and the options of the checks are valid', () => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync('package.json', 'utf8')))
  const shell = BLOCKS.filter(({ language }) => language === 'sh')
  const lines = shell
    .flatMap(({ code }) => code.split('\n'))
    .map((line) => line.replace(/ *#.*$/, ''))
  for (const line of lines.filter((one) => one.trim() !== '')) {
    const [, script = '', args = ''] = /^npm (?:run )?(\S+)(?: (?:-- )?(.*))?$/.exec(line) ?? []
    assert.ok(scripts[script] !== undefined, `“${line}” is no script of package.json`)
    if (script === 'proxy:check') readOptions(args.split(' ').filter(Boolean), [])
  }
  // What the pages say must never be run is no script either.
  assert.doesNotMatch(Object.values(scripts).join('\n'), /drizzle-kit push/)
})

test('what a page shows of the schema is what the schema says', () => {
  const folders = ['db/schema', 'db/migrations']
  const sources = folders.flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => readFileSync(join(folder, name), 'utf8')),
  )
  const plain = (code: string) => code.replaceAll(/\s+/g, ' ').trim()
  for (const { code } of BLOCKS.filter(({ page }) => page === 'docs/sharing.md')) {
    assert.ok(
      sources.some((source) => plain(source).includes(plain(code))),
      code,
    )
  }
})

test('a query by hand, from the console of Bob’s browser, gets Bob’s rows only', async () => {
  const code = block('docs/how-it-works.md', 'js', 'getToken')
    .replace('http://localhost:4444/sql', local.proxy.sqlUrl)
    .replace('postgresql://authenticated@localhost/todos', local.proxy.connectionString)
    .replace('await response.json()', 'console.log(JSON.stringify(await response.json()))')
  const clerk = 'const Clerk = { session: { getToken: async () => process.env.TOKEN } }\n'
  const printed = await run('console.mjs', clerk + code, {
    TOKEN: await local.proxy.issuer.token('bob'),
  })
  const { rows } = z.object({ rows: rowsOf }).parse(JSON.parse(printed))
  assert.deepEqual(
    rows.map(({ user_id, task }) => [user_id, task]),
    [['bob', 'bread']],
  )
})

test('the stock driver works with a password', async () => {
  const code = block('proxy/README.md', 'ts', 'neonConfig')
    .replace('http://localhost:4444/sql', local.proxy.sqlUrl)
    .replace('postgresql://postgres:<password>@localhost/todos', local.connectionString())
  await run('password.mts', code)
})

test('the claims to add in Clerk’s dashboard are those that the local Clerk adds', () => {
  const code = block('docs/make-it-yours.md', 'json', '"email_verified"')
  assert.deepEqual(JSON.parse(code), CUSTOM_CLAIMS)
})

test('each provider of the example can be read', () => {
  const code = block('proxy/README.md', 'json', '"preset": "clerk"')
  const providers: unknown = JSON.parse(
    code
      .replaceAll('…', 'x'.repeat(25))
      .replaceAll('<guid>', '8a7f1c4e-0000-4000-8000-000000000000'),
  )
  const wrong = z
    .array(z.unknown())
    .parse(providers)
    .flatMap((provider) => {
      const { error } = providerSchema.safeParse(provider)
      return error === undefined ? [] : [`${JSON.stringify(provider)}: ${error.message}`]
    })
  assert.deepEqual(wrong, [])
})

test('moderators, organizations and shared rows work as described, and pass the checks', async () => {
  for (const part of ['create role moderator', 'create table notes', 'create table albums']) {
    await local.proxy.asOwner(own(block('proxy/README.md', 'sql', part)))
  }
  await local.proxy.asOwner('select private.harden()')
  const roles = JSON.parse(own(block('proxy/README.md', 'json', '"roles"'))) as object
  const { url: issuer, jwksUrl } = local.proxy.issuer
  const env = {
    PROXY_JWT_PROVIDERS: JSON.stringify([
      { name: 'x', issuer, jwksUrl, audience: 'app', ...roles },
    ]),
  }
  const open = { PROXY_JWT_PROVIDERS: JSON.stringify([{ name: 'x', issuer, jwksUrl, ...roles }]) }
  try {
    const outcomes = await runChecks(parseConfig({ ...local.proxy.variables, ...env }))
    const { lines, isSafe } = report(outcomes, new Set())
    assert.ok(isSafe, lines.join('\n'))
    // Quotas are for the owner to choose.
    const left = outcomes.filter(({ findings }) => findings.length > 0).map(({ name }) => name)
    assert.deepEqual(left, ['row-quotas'], lines.join('\n'))

    const { sqlUrl: url } = await local.proxy.another({ env: open })
    const tasks = 'select task from todos order by task'
    assert.deepEqual(await ask('carol', tasks, { role: MODERATOR, url }), [
      { task: 'bread' },
      { task: 'milk' },
    ])
    assert.deepEqual(await ask('carol', tasks, { url }), [])

    for (const sub of ['alice', 'bob']) {
      await ask(sub, `insert into notes (body) values ('of ${sub}')`, { url })
    }
    assert.deepEqual(await ask('alice', 'select body from notes', { url }), [{ body: 'of alice' }])
    assert.deepEqual(await ask('bob', 'delete from notes returning body', { url }), [])
    assert.deepEqual(await ask('alice', 'delete from notes returning body', { url }), [
      { body: 'of alice' },
    ])

    const albums = 'select title from albums'
    await ask('alice', `insert into albums (title) values ('Lisbon')`, { url })
    assert.deepEqual(await ask('bob', albums, { url }), [])
    for (const sub of ['bob', 'dave']) {
      await ask('alice', `insert into album_members select id, '${sub}' from albums`, { url })
    }
    assert.deepEqual(await ask('bob', albums, { url }), [{ title: 'Lisbon' }])
    const members = 'select user_id from album_members order by 1'
    assert.deepEqual(await ask('bob', members, { url }), [{ user_id: 'bob' }, { user_id: 'dave' }])
    assert.deepEqual(await ask('bob', 'delete from albums returning title', { url }), [])
    assert.deepEqual(await ask('carol', albums, { url }), [])
    assert.deepEqual(await ask('carol', members, { url }), [])
    const planted = await ask('bob', `insert into album_members select id, 'carol' from albums`, {
      url,
    })
    assert.match(typeof planted === 'string' ? planted : '', /row-level security/)
    const called = await ask('bob', 'select album_access.my_albums()', { url })
    assert.equal(typeof called, 'string')
  } finally {
    await local.proxy.asOwner(
      `drop table notes, albums, album_members cascade; drop schema album_access cascade;
       drop owned by ${MODERATOR}; drop role ${MODERATOR}`,
    )
  }
})
