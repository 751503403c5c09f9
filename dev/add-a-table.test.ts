/**
 * docs/add-a-table.md, followed step by step in a copy of the project. `npm run test:all` also starts the stack
 * there, migrates, runs the proof and opens the page, which takes minutes on a busy machine.
 */
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { chromium, expect as impatient, type Browser, type Page } from '@playwright/test'
import { check, resolveConfig } from 'prettier'
import { DEMO_USERS } from '../db/demo-users'
import { freePort } from '../proxy/test/postgres/test-server'
import { ensureBrowser } from './browser'
import { DEMO_PASSWORD } from './clerk/demo-password'
import { copyProject, type ProjectCopy } from './testing/project-copy'

const isFull = process.env.TRIALS === 'full'
/** Next's dev server compiles while the test waits. */
const PATIENCE_MS = 120_000
const expect = impatient.configure({ timeout: PATIENCE_MS })

const PAGE = 'docs/add-a-table.md'

type Step =
  | { readonly kind: 'run'; readonly commands: readonly string[] }
  | { readonly kind: 'create' | 'add'; readonly path: string; readonly code: string }

/** “Create `path`:” or “Add to `path`:” in front of a block says what to do with it; shell blocks are run. */
function stepsOf(page: string): readonly Step[] {
  const blocks = page.matchAll(/(?:(Create|Add to)\s+`([^`]+)`:\n\n)?```(\w+)\n([\s\S]*?)```/g)
  return [...blocks].map(([block, verb, path, language, code = '']): Step => {
    if (language === 'sh') return { kind: 'run', commands: code.trim().split('\n') }
    assert.ok(path !== undefined, `no sentence says where this goes: ${block}`)
    return { kind: verb === 'Create' ? 'create' : 'add', path, code }
  })
}

const STEPS = stepsOf(readFileSync(PAGE, 'utf8'))
const [START, ...REST] = STEPS
const app = { port: 0, said: '' }
let stack: ChildProcess
let copy: ProjectCopy
let ports: Record<string, string>
let browser: Browser

before(async () => {
  copy = copyProject('add-a-table')
  if (!isFull) return
  app.port = await freePort()
  ports = {
    PORT: String(app.port),
    PROXY_PORT: String(await freePort()),
    CLERK_LOCAL_PORT: String(await freePort()),
    PGPORT: String(await freePort()),
  }
  // What `npm run dev` comes to, once packages are installed.
  stack = spawn(process.execPath, ['--import', 'tsx', 'dev/up.ts', '--watch'], {
    cwd: copy.folder,
    env: { ...copy.environment, ...ports },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [stack.stdout, stack.stderr]) {
    stream?.on('data', (chunk: Buffer) => (app.said += chunk.toString()))
  }
  browser = await chromium.launch({
    executablePath: ensureBrowser(),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
})

after(async () => {
  if (isFull) {
    await browser.close()
    if (stack.exitCode === null) {
      const ended = once(stack, 'exit')
      stack.kill('SIGTERM')
      await ended
    }
  }
  copy.remove()
})

test('the first step starts the stack', async () => {
  assert.deepEqual(START, { kind: 'run', commands: ['npm run dev'] })
  if (!isFull) return
  const ended = once(stack, 'exit')
  while (!app.said.includes('Ctrl-C')) {
    assert.equal(stack.exitCode, null, app.said)
    await Promise.race([ended, stack.stdout && once(stack.stdout, 'data')])
  }
})

for (const [i, step] of REST.entries()) {
  const what = step.kind === 'run' ? step.commands.join(', ') : `${step.kind} ${step.path}`
  const needsStack = step.kind === 'run' && !step.commands.join().includes('db:generate')
  if (isFull || !needsStack) test(`step ${i + 1}: ${what}`, () => follow(step))
}

test('the blocks are formatted like the project', async () => {
  const options = await resolveConfig(PAGE)
  for (const step of STEPS) {
    if (step.kind === 'run' || step.path.endsWith('.sql')) continue
    assert.ok(await check(step.code, { ...options, filepath: step.path }), step.path)
  }
})

test('the new files pass the type check', async () => {
  const include = STEPS.flatMap((step) => (step.kind === 'run' ? [] : [step.path]))
  const settings = { extends: './tsconfig.json', include: ['next-env.d.ts', ...include] }
  writeFileSync(join(copy.folder, 'tsconfig.table.json'), JSON.stringify(settings))
  await copy.run('node node_modules/typescript/bin/tsc --project tsconfig.table.json')
})

const BOTH =
  'what Alice adds is on her page, from the server and from the browser, and not on Bob’s'
if (isFull) test(BOTH, showOnBoth)

async function showOnBoth(): Promise<void> {
  const alice = await signedIn(DEMO_USERS.alice.email)
  await alice.getByLabel('Link').fill('https://example.com/alice')
  await alice.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(alice.getByLabel('From the server')).toHaveText('https://example.com/alice')
  await alice.reload()
  for (const list of ['From the server', 'From the browser']) {
    await expect(alice.getByLabel(list)).toHaveText('https://example.com/alice')
  }
  const bob = await signedIn(DEMO_USERS.bob.email)
  const asked = bob.waitForResponse(
    (response) => response.request().postData()?.includes('from \\"bookmarks\\"') === true,
  )
  await bob.reload()
  assert.match(await (await asked).text(), /"rows":\[\]/)
  for (const list of ['From the server', 'From the browser']) {
    await expect(bob.getByLabel(list)).toHaveText('')
  }
  await expect(bob.getByRole('alert').filter({ hasText: 'Not loaded' })).toHaveCount(0)
}

async function follow(step: Step): Promise<void> {
  if (step.kind === 'run') {
    for (const command of step.commands) await copy.run(command, ports)
    return
  }
  const path = join(copy.folder, step.kind === 'add' ? existing(step.path) : step.path)
  if (step.kind === 'create') {
    assert.ok(!existsSync(path), `${step.path} is there already`)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, step.code)
    return
  }
  // As an editor would: imports to the top, the rest to the end.
  const before = readFileSync(path, 'utf8')
  const lines = step.code.split('\n')
  const imports = lines.filter((line) => line.startsWith('import '))
  const rest = lines.filter((line) => !line.startsWith('import '))
  writeFileSync(path, [...imports, `${before.trimEnd()}\n${rest.join('\n')}`].join('\n'))
}

/** The one file that a path with a `*` means. */
function existing(path: string): string {
  const [start = '', end] = path.split('*')
  if (end === undefined) return path
  const names = readdirSync(join(copy.folder, start)).filter((name) => name.endsWith(end))
  assert.equal(names.length, 1, `${path}: ${names.join()}`)
  return join(start, names.join())
}

/** The page of the new table, where a person gets to after signing in. */
async function signedIn(email: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  page.setDefaultNavigationTimeout(PATIENCE_MS)
  await page.goto(`http://localhost:${app.port}/bookmarks`)
  const next = page.getByRole('button', { name: 'Continue', exact: true })
  await page.getByLabel('Email address').fill(email)
  await next.click()
  await page.getByLabel('Password', { exact: true }).fill(DEMO_PASSWORD)
  await next.click()
  await page.getByRole('heading', { name: 'Bookmarks' }).waitFor()
  return page
}
