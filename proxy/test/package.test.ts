/** The package as it is deployed: built, then moved to where there is nothing but Node. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { PACKAGE, TSX } from './testing/paths'
import { startProgram } from './testing/program'
import { startTestProxy, type TestProxy } from './testing/proxy'
import { until } from './testing/until'

let folder = ''
/** Only what the build writes. */
let dist = ''
/** What an installation of the package has. */
let installed = ''
/** Provides the database and the issuer for the programs that the tests start. */
let proxy: TestProxy
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sql-proxy-'))
  dist = join(folder, 'moved')
  installed = join(folder, 'installed')
  const built = join(folder, 'built')
  await promisify(execFile)(process.execPath, [join(PACKAGE, 'build.mjs'), built])
  await rename(built, dist)
  for (const part of ['bin', 'package.json', 'sql']) {
    await cp(join(PACKAGE, part), join(installed, part), { recursive: true })
  }
  await cp(dist, join(installed, 'dist'), { recursive: true })
  proxy = await startTestProxy()
  await proxy.asOwner(
    `create function nap(seconds float) returns void security definer language sql as 'select pg_sleep(seconds)'`,
  )
})
after(async () => {
  await proxy.stop()
  await rm(folder, { recursive: true })
})

const variables = (more: Record<string, string> = {}) => ({
  ...proxy.variables,
  PROXY_FUNCTIONS: 'public.nap',
  ...more,
})

/** Sends a statement that takes a while, and resolves once Postgres is at it. */
async function startNap(sqlUrl: string) {
  const answer = proxy.post({ query: 'select public.nap(1.5)', params: [] }, { sqlUrl })
  const isNapping = async () => {
    const rows = await proxy.asOwner(
      `select from pg_stat_activity where query like 'select public.nap(%' and state = 'active' and usename = 'authenticator'`,
    )
    return rows.length > 0
  }
  await until(isNapping)
  return { answer }
}

/** What a program says, and the exit status it ends with. */
async function run(args: string[], env: Record<string, string>) {
  const { ended, said, logged } = startProgram(env, [process.execPath, ...args])
  return { status: await ended, stdout: logged(), stderr: said() }
}

const command = (...args: string[]) => [join(installed, 'bin', 'sql-proxy.js'), ...args]

for (const workers of ['1', '2']) {
  test(`with PROXY_WORKERS=${workers} it answers, and SIGTERM lets a request in flight finish`, async () => {
    const env = variables({ PROXY_WORKERS: workers })
    const { child, ended, url } = startProgram(env, join(dist, 'main.js'))
    try {
      const sqlUrl = `${await url()}/sql`
      const { answer } = await startNap(sqlUrl)
      child.kill('SIGTERM')
      assert.equal((await answer).status, 200)
      assert.equal(await ended, 0)
    } finally {
      child.kill('SIGKILL')
    }
  })
}

test('no program names the folder that it was built in', async () => {
  const programs = (await readdir(dist)).filter((name) => name.endsWith('.js'))
  assert.deepEqual(programs.sort(), ['check.js', 'install.js', 'main.js'])
  for (const name of programs) {
    assert.ok(!(await readFile(join(dist, name), 'utf8')).includes(PACKAGE))
  }
})

test('sql-proxy starts it, and sql-proxy health says whether it answers', async () => {
  const { child, ended, url } = startProgram(variables(), join(installed, 'bin', 'sql-proxy.js'))
  try {
    const env = { PROXY_PORT: new URL(await url()).port }
    assert.equal((await run(command('health'), env)).status, 0)
    child.kill('SIGTERM')
    assert.equal(await ended, 0)
    assert.equal((await run(command('health'), env)).status, 1)
  } finally {
    child.kill('SIGKILL')
  }
})

test('sql-proxy check says what the check says from its sources', async () => {
  const sources = ['--import', TSX, join(PACKAGE, 'check', 'main.ts')]
  const expected = await run(sources, variables())
  assert.match(expected.stdout, /row-level security/i)
  assert.deepEqual(await run(command('check'), variables()), expected)
})

test('sql-proxy install installs the files of the package, which a database may have already', async () => {
  const { status, stdout, stderr } = await run(command('install'), {
    ...variables(),
    DATABASE_URL: proxy.ownerUrl,
  })
  assert.equal(stderr, '')
  assert.match(stdout, /The database is up to date\.\n$/)
  assert.equal(status, 0)
})

test('sql-proxy refuses a command that it does not know, and names those it knows', async () => {
  assert.deepEqual(await run(command('chek'), {}), {
    status: 2,
    stdout: '',
    stderr: 'There is no command “chek”. The commands are: start, install, check, health.\n',
  })
})
