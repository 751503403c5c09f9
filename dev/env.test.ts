import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { execFileSync } from 'node:child_process'
import { newLocalVariables, portsOf, readOrCreateEnvFile, resolveEnv } from './env'
import { UserError } from './user-error'

const folder = mkdtempSync(join(tmpdir(), 'env-'))
after(() => {
  rmSync(folder, { recursive: true })
})

const CLERK_KEY = `pk_test_${Buffer.from('calm-otter-7.clerk.accounts.dev$').toString('base64')}`

describe('.env.local', () => {
  test('is written once, with new secrets, readable by its owner only', () => {
    const file = join(folder, 'fresh')
    const first = readOrCreateEnvFile(file)
    assert.equal(first.created, true)
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.deepEqual(readOrCreateEnvFile(file), { ...first, created: false })
    const other = readOrCreateEnvFile(join(folder, 'other')).variables
    for (const name of [
      'DATABASE_URL',
      'PROXY_DATABASE_URL',
      'PROXY_SESSION_KEY',
      'CLERK_SECRET_KEY',
    ])
      assert.notEqual(first.variables[name], other[name], name)
  })

  test('is written with the ports that are given, so that every later command uses them', () => {
    const given = { PORT: '3001', PROXY_PORT: '4001', PGPORT: '54001' }
    const { variables } = readOrCreateEnvFile(join(folder, 'ports'), portsOf(given))
    const { PORT, PROXY_PORT, PGPORT, CLERK_LOCAL_PORT } = variables
    assert.deepEqual({ PORT, PROXY_PORT, PGPORT }, given)
    assert.equal(CLERK_LOCAL_PORT, '4445')
    for (const name of ['DATABASE_URL', 'PROXY_DATABASE_URL']) {
      assert.equal(new URL(variables[name] ?? '').port, '54001', name)
    }
    assert.deepEqual(resolveEnv(variables, {}).variables, variables)
    assert.throws(() => portsOf({ PGPORT: 'x' }), UserError)
  })

  test('means the same to a shell that sources it', () => {
    const file = join(folder, 'shell')
    const { variables } = readOrCreateEnvFile(file)
    const printed = execFileSync('sh', ['-c', `set -a; . '${file}'; env -0`], { encoding: 'utf8' })
    const sourced = new Map(
      printed.split('\0').map((line) => [line.split('=')[0], line.slice(line.indexOf('=') + 1)]),
    )
    for (const [name, value] of Object.entries(variables)) assert.equal(sourced.get(name), value)
  })

  test('that is incomplete is refused with the missing names, and left unchanged', () => {
    const file = join(folder, 'half')
    const whole = newLocalVariables()
    const text = `DATABASE_URL=${whole.DATABASE_URL ?? ''}\nCLERK_SECRET_KEY=\n`
    writeFileSync(file, text)
    assert.throws(
      () => readOrCreateEnvFile(file),
      (error) =>
        error instanceof UserError &&
        /no value for .*PROXY_SESSION_KEY/.test(error.message) &&
        !/(for|,) DATABASE_URL|CLERK/.test(error.message),
    )
    assert.equal(readFileSync(file, 'utf8'), text)
  })

  /** A file as `npm run up` writes it, but for Clerk's lines, which are these. */
  function readWith(clerk: Record<string, string>) {
    const file = join(folder, 'clerk')
    const whole = Object.entries(newLocalVariables()).filter(([name]) => !name.includes('CLERK_'))
    const lines = Object.entries({ ...Object.fromEntries(whole), ...clerk })
    writeFileSync(file, lines.map(([name, value]) => `${name}='${value}'\n`).join(''))
    return readOrCreateEnvFile(file).variables
  }

  test('needs none of Clerk’s variables while the local Clerk is used', () => {
    const { variables, localClerk } = resolveEnv(readWith({}), {})
    const whole = newLocalVariables()
    assert.equal(localClerk, true)
    assert.match(variables.CLERK_SECRET_KEY ?? '', /^sk_test_./)
    for (const name of ['CLERK_API_URL', 'NEXT_PUBLIC_CLERK_PROXY_URL', 'PROXY_JWT_PROVIDERS']) {
      assert.equal(variables[name], whole[name], name)
    }
  })

  test('from before claims permitted roles gets the rules for them', () => {
    const { PROXY_JWT_PROVIDERS: now = '' } = newLocalVariables()
    const before = now.replace(/,"roles":.*(?=\}\]$)/, '')
    assert.notEqual(before, now)
    assert.equal(readWith({ PROXY_JWT_PROVIDERS: before }).PROXY_JWT_PROVIDERS, now)
    const changed = before.replace('localhost', 'todos.test')
    assert.equal(readWith({ PROXY_JWT_PROVIDERS: changed }).PROXY_JWT_PROVIDERS, changed)
  })

  test('needs none of Clerk’s variables where another provider’s tokens are believed', () => {
    const PROXY_JWT_PROVIDERS = '[{"preset":"auth0","issuer":"https://x.auth0.test/"}]'
    const { variables, localClerk } = resolveEnv(readWith({ PROXY_JWT_PROVIDERS }), {})
    assert.equal(localClerk, false)
    assert.equal(variables.CLERK_API_URL, undefined)
  })

  test('with one key of a Clerk account needs the other', () => {
    assert.throws(
      () => readWith({ NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: CLERK_KEY }),
      /no value for CLERK_SECRET_KEY\./,
    )
    const keys = { NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: CLERK_KEY, CLERK_SECRET_KEY: 'sk_test_x' }
    assert.equal(resolveEnv(readWith(keys), {}).localClerk, false)
  })
})

describe('variables of the process', () => {
  test('change nothing when there are none', () => {
    const file = newLocalVariables()
    const env = resolveEnv(file, {})
    assert.deepEqual(env.variables, file)
    assert.equal(env.embeddedPostgres, true)
    assert.equal(env.localClerk, true)
  })

  test('count as not given when they are empty', () => {
    const file = newLocalVariables()
    assert.deepEqual(resolveEnv(file, { DATABASE_URL: '', PORT: '' }).variables, file)
  })

  test('with LAB=off leave nothing of the lab on, traces included', () => {
    const file = newLocalVariables()
    assert.deepEqual(
      [{}, { LAB: 'off' }, { LAB: 'off', PROXY_TRACE: 'on' }].map((given) => {
        const { LAB, PROXY_TRACE } = resolveEnv(file, given).variables
        return [LAB, PROXY_TRACE]
      }),
      [
        ['on', 'on'],
        ['off', 'off'],
        ['off', 'on'],
      ],
    )
  })

  test('that move a port carry every address with that port along', () => {
    const { variables } = resolveEnv(newLocalVariables(), { PORT: '3001', PROXY_PORT: '4001' })
    assert.equal(variables.PROXY_ALLOWED_ORIGINS, 'http://localhost:3001')
    assert.equal(variables.NEXT_PUBLIC_SQL_URL, 'http://localhost:4001/sql')
    assert.match(
      variables.PROXY_JWT_PROVIDERS ?? '',
      /"authorizedParties":\["http:\/\/localhost:3001"\]/,
    )
  })

  test('leave values alone that the file’s owner has changed', () => {
    const file = { ...newLocalVariables(), PROXY_ALLOWED_ORIGINS: 'https://todos.example' }
    const { variables } = resolveEnv(file, { PORT: '3001' })
    assert.equal(variables.PROXY_ALLOWED_ORIGINS, 'https://todos.example')
  })

  test('with a DATABASE_URL point the proxy at the same server, and start no embedded one', () => {
    const file = newLocalVariables()
    const given = { DATABASE_URL: 'postgresql://owner:secret@db.example:5433/shop' }
    const { variables, embeddedPostgres } = resolveEnv(file, given)
    const proxy = new URL(variables.PROXY_DATABASE_URL ?? '')
    assert.equal(embeddedPostgres, false)
    assert.equal(proxy.host + proxy.pathname, 'db.example:5433/shop')
    assert.equal(proxy.username, 'authenticator')
    assert.equal(proxy.password, new URL(file.PROXY_DATABASE_URL ?? '').password)
    assert.match(variables.NEXT_PUBLIC_DATABASE_AUTHENTICATED_URL ?? '', /\/shop$/)
  })

  test('with real Clerk keys replace the local Clerk and set the proxy’s provider', () => {
    const given = { NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: CLERK_KEY, CLERK_SECRET_KEY: 'sk_test_x' }
    const { variables, localClerk } = resolveEnv(newLocalVariables(), given)
    assert.equal(localClerk, false)
    assert.equal(variables.NEXT_PUBLIC_CLERK_PROXY_URL, '')
    assert.match(
      variables.PROXY_JWT_PROVIDERS ?? '',
      /"issuer":"https:\/\/calm-otter-7\.clerk\.accounts\.dev".*"roles":\{"moderator"/,
    )
  })

  test('with one Clerk key of the pair are refused', () => {
    const given = { NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: CLERK_KEY }
    assert.throws(() => resolveEnv(newLocalVariables(), given), /without CLERK_SECRET_KEY/)
  })

  test('that are not a port are refused by name', () => {
    assert.throws(() => resolveEnv(newLocalVariables(), { PORT: 'http' }), /PORT is “http”/)
  })
})

test('every variable of .env.local and of the proxy is in .env.example', () => {
  const example = readFileSync('.env.example', 'utf8')
  const ofProxy =
    readFileSync('proxy/src/config/config.ts', 'utf8').match(/PROXY_[A-Z_]+[A-Z]/g) ?? []
  assert.ok(ofProxy.length > 20)
  for (const name of [...Object.keys(newLocalVariables()), ...ofProxy]) {
    assert.match(example, new RegExp(`^${name}=`, 'm'))
  }
})
