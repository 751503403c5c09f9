import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ConfigError, parseConfig } from './config'

const provider = { name: 'clerk', issuer: 'https://example.com' }
const valid = {
  PROXY_DATABASE_URL: 'postgresql://authenticator:hunter2@localhost:5432/my%20memos',
  PROXY_SESSION_KEY: Buffer.alloc(32, 1).toString('base64'),
  PROXY_JWT_PROVIDERS: JSON.stringify([provider]),
}
const withProvider = (fields: Record<string, unknown>) => ({
  PROXY_JWT_PROVIDERS: JSON.stringify([{ ...provider, ...fields }]),
})

/** The single problem that results from changing one variable. */
function problem(change: Record<string, string>): string {
  try {
    parseConfig({ ...valid, ...change })
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    assert.equal(error.problems.length, 1, error.message)
    return error.message
  }
  return assert.fail('accepted')
}

test('with only the required variables, all others have safe defaults', () => {
  const config = parseConfig(valid)
  assert.equal(config.host, '127.0.0.1')
  assert.equal(config.port, 4444)
  assert.equal(config.databaseName, 'my memos')
  assert.equal(config.anonymous, false)
  assert.deepEqual(config.allowedOrigins, [])
  assert.deepEqual(config.functions, [])
  assert.equal(config.limits.bodyBytes, 10_485_760)
  assert.equal(config.limits.userCpuMs, 500)
  assert.deepEqual(config.requestsPerSecond, { user: 500, address: 5_000 })
  const [provider] = config.tokens.providers
  assert.deepEqual(provider?.keySource, { kind: 'discovery' })
  assert.ok(!provider.algorithms.some((name) => name.startsWith('HS')))
  assert.equal(config.tokens.revoked.size, 0)
})

test('an empty variable counts as unset', () => {
  assert.equal(parseConfig({ ...valid, PROXY_PORT: '' }).port, 4444)
})

test('every bad variable gets one sentence with its name and an example', () => {
  try {
    parseConfig({ PROXY_PORT: 'http', PROXY_ANONYMOUS: 'yes' })
    assert.fail('accepted')
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    assert.deepEqual(
      error.problems.map((line) => line.split(' ')[0]),
      [
        'PROXY_PORT',
        'PROXY_DATABASE_URL',
        'PROXY_SESSION_KEY',
        'PROXY_JWT_PROVIDERS',
        'PROXY_ANONYMOUS',
      ],
    )
    for (const line of error.problems) assert.match(line, /, for example: PROXY_[A-Z_]+=/)
    assert.match(error.message, /PROXY_PORT is not a number/)
    assert.match(error.message, /PROXY_DATABASE_URL is missing/)
  }
})

test('a rate limit per address follows the one per user, unless it is given', () => {
  const rates = (change: Record<string, string>) =>
    parseConfig({ ...valid, ...change }).requestsPerSecond
  assert.deepEqual(rates({ PROXY_RATE_LIMIT: '0' }), { user: 0, address: 0 })
  assert.deepEqual(rates({ PROXY_RATE_LIMIT: '5' }), { user: 5, address: 50 })
  assert.deepEqual(rates({ PROXY_RATE_LIMIT: '5', PROXY_RATE_LIMIT_PER_ADDRESS: '7' }), {
    user: 5,
    address: 7,
  })
})

test('a rate that is not a number, and a trusted proxy that is not an address, are refused by name', () => {
  assert.match(problem({ PROXY_RATE_LIMIT: 'many' }), /^PROXY_RATE_LIMIT .*PROXY_RATE_LIMIT=500/)
  assert.match(problem({ PROXY_RATE_LIMIT: '-1' }), /^PROXY_RATE_LIMIT /)
  assert.match(problem({ PROXY_RATE_LIMIT_PER_ADDRESS: '1e999' }), /^PROXY_RATE_LIMIT_PER_ADDRESS /)
  assert.match(problem({ PROXY_TRUST_PROXY: '10.0.0.0/33' }), /^PROXY_TRUST_PROXY .*10\.0\.0\.0\/8/)
  assert.match(problem({ PROXY_TRUST_PROXY: 'everybody' }), /^PROXY_TRUST_PROXY /)
})

test('no message repeats a secret', () => {
  assert.ok(!problem({ PROXY_DATABASE_URL: 'mysql://u:hunter2@h/d' }).includes('hunter2'))
  assert.ok(!problem({ PROXY_SESSION_KEY: 'c2hvcnQ=' }).includes('c2hvcnQ='))
  assert.ok(!problem({ PROXY_JWT_PROVIDERS: '[{"name":"hunter2"' }).includes('hunter2'))
})

test('a provider with an unknown field is refused by the field’s name', () => {
  assert.match(problem(withProvider({ audiense: 'x' })), /unknown field "audiense"/)
})

test('keys over plain HTTP are refused, except on this machine', () => {
  assert.match(problem(withProvider({ jwksUrl: 'http://example.com/jwks' })), /https:\/\//)
  assert.match(problem(withProvider({ issuer: 'http://example.com' })), /cannot be discovered/)
  parseConfig({ ...valid, ...withProvider({ jwksUrl: 'http://127.0.0.1:4445/jwks' }) })
})

test('an algorithm with a shared secret is refused', () => {
  assert.match(problem(withProvider({ algorithms: ['HS256'] })), /"algorithms.0"/)
  assert.match(problem(withProvider({ algorithms: [] })), /"algorithms"/)
})

test('two providers with one issuer are refused', () => {
  const twice = JSON.stringify([provider, { ...provider, name: 'other' }])
  assert.match(problem({ PROXY_JWT_PROVIDERS: twice }), /same issuer/)
})

test('providers can come from a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'proxy-config-'))
  try {
    const path = join(folder, 'providers.json')
    await writeFile(path, valid.PROXY_JWT_PROVIDERS)
    assert.equal(parseConfig({ ...valid, PROXY_JWT_PROVIDERS: path }).tokens.providers.length, 1)
    assert.match(problem({ PROXY_JWT_PROVIDERS: join(folder, 'no.json') }), /neither a JSON list/)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('a list of revoked tokens that is unreadable, or has an invalid line, prevents the start', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'proxy-config-'))
  try {
    const path = join(folder, 'revoked')
    assert.match(problem({ PROXY_REVOKED: path }), /PROXY_REVOKED is wrong: .*readable file/)
    await writeFile(path, 'sub:alice\nalice\n')
    assert.match(problem({ PROXY_REVOKED: path }), /PROXY_REVOKED is wrong: line 2 is not of/)
    await writeFile(path, '# nobody else\nsub:alice https://example.com\n')
    const { tokens } = parseConfig({ ...valid, PROXY_REVOKED: path })
    assert.deepEqual([...tokens.revoked], ['sub:alice https://example.com'])
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('there is one worker for each processor, unless a number is given', () => {
  const workers = (env: Record<string, string>) => parseConfig({ ...valid, ...env }).workers
  const processors = availableParallelism()
  assert.equal(workers({ PROXY_POOL_SIZE: String(5 * processors) }), processors)
  assert.equal(workers({ PROXY_WORKERS: '4' }), 4)
  assert.match(problem({ PROXY_WORKERS: '0' }), /^PROXY_WORKERS is less than 1/)
})

test('no more workers start by themselves than there are five sessions for', () => {
  const workers = (poolSize: string) => parseConfig({ ...valid, PROXY_POOL_SIZE: poolSize }).workers
  for (const poolSize of ['1', '4', '9']) assert.equal(workers(poolSize), 1)
  assert.equal(workers('14'), Math.min(2, availableParallelism()))
})

test('one process records statements', () => {
  const recording = { PROXY_ALLOWLIST_RECORD: 'recording' }
  assert.equal(parseConfig({ ...valid, ...recording }).workers, 1)
  assert.match(
    problem({ PROXY_WORKERS: '2', ...recording }),
    /^PROXY_ALLOWLIST_RECORD needs PROXY_WORKERS=1/,
  )
})

test('a list of statements to warm up with that cannot be read is refused by name', async () => {
  assert.match(
    problem({ PROXY_WARM_STATEMENTS: '/no/such/list' }),
    /^PROXY_WARM_STATEMENTS .*ENOENT/,
  )
  const folder = await mkdtemp(join(tmpdir(), 'proxy-config-'))
  try {
    const path = join(folder, 'list')
    await writeFile(path, '# a comment\nselect 1\nselect 2\n')
    const config = parseConfig({ ...valid, PROXY_WARM_STATEMENTS: path })
    assert.deepEqual(config.warmStatements, ['select 1', 'select 2'])
  } finally {
    await rm(folder, { recursive: true })
  }
  assert.equal(parseConfig(valid).warmStatements, null)
})

test('roles that may use a password are listed by name; by default there are none', () => {
  assert.deepEqual(parseConfig(valid).passwordRoles, [])
  const env = { ...valid, PROXY_PASSWORD_ROLES: 'postgres, app owner ,' }
  assert.deepEqual(parseConfig(env).passwordRoles, ['postgres', 'app owner'])
})

test('an origin with a path or a wildcard is refused', () => {
  for (const origin of ['*', 'https://a.example/', 'example.com']) {
    assert.match(problem({ PROXY_ALLOWED_ORIGINS: origin }), /not an origin/)
  }
})

test('an invalid header name is refused, and so is a wildcard', () => {
  for (const header of ['*', 'x y', 'x:', 'X-A, *', 'ä']) {
    assert.match(problem({ PROXY_ALLOWED_HEADERS: header }), /not the name of a header/)
  }
})
