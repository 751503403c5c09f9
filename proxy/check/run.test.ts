import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startIssuer, type Issuer } from '../test/testing/issuer'
import { PACKAGE } from '../test/testing/paths'
import { report } from './report'
import type { Outcome } from './check'
import { NAMES, runChecks } from './run'
import { checkSettings } from './settings'
import { startBench, type Bench } from './testing/subject'

let bench: Bench
let issuer: Issuer
before(async () => {
  ;[bench, issuer] = await Promise.all([startBench(), startIssuer()])
})
after(() => Promise.all([bench.stop(), issuer.close()]))

const providers = (changes: Record<string, unknown> = {}) => ({
  PROXY_JWT_PROVIDERS: JSON.stringify([
    { name: 'test', issuer: issuer.url, jwksUrl: issuer.jwksUrl, audience: 'app', ...changes },
  ]),
})

const findingsOf = (outcomes: readonly Outcome[]) =>
  outcomes.flatMap(({ findings }) => findings.map(({ level, what }) => `${level}: ${what}`))

test('a freshly migrated database has no findings', async () => {
  const outcomes = await runChecks(bench.config(providers()))
  assert.deepEqual(findingsOf(outcomes), [])
  const { lines, isSafe } = report(outcomes, new Set())
  assert.ok(isSafe)
  assert.ok(lines.includes(`  ✔ test: 1 key at ${issuer.jwksUrl}`), lines.join('\n'))
  assert.match(lines.at(-1) ?? '', /^\d+ right, 0 to look at, 0 unsafe$/)
  for (const { name } of outcomes) assert.ok(NAMES.includes(name), name)
})

test('unreadable keys are unsafe, and the finding names their address', async () => {
  issuer.setOutage(true)
  const outcomes = await runChecks(bench.config(providers())).finally(() => {
    issuer.setOutage(false)
  })
  const [finding] = findingsOf(outcomes)
  assert.match(finding ?? '', /^unsafe: the keys of test cannot be read/)
  assert.ok(finding?.includes(issuer.jwksUrl))
})

test('a provider whose keys fit none of its algorithms is unsafe', async () => {
  const outcomes = await runChecks(bench.config(providers({ algorithms: ['ES256'] })))
  assert.match(findingsOf(outcomes).join(), /no key of test fits ES256/)
})

test('a key with which anyone can sign is reported, and does not count as usable', async () => {
  const inline = (e: string) =>
    providers({ jwksUrl: undefined, jwks: { keys: [{ ...jwk, kid: 'k', e }] } })
  const jwk = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({
    format: 'jwk',
  })
  assert.deepEqual(findingsOf(await runChecks(bench.config(inline('AQAB')))), [])
  const found = findingsOf(await runChecks(bench.config(inline('AQ')))).join('\n')
  assert.match(found, /^unsafe: no key of test fits/)
  assert.match(
    found,
    /weak: test publishes a key that is not safe: its exponent is even or less than 3/,
  )
})

test('keys without an id serve tokens that name none: only worth a look', async () => {
  const key = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })
  const inline = (kid?: string) =>
    providers({ jwksUrl: undefined, jwks: { keys: [{ ...key, kid }] }, algorithms: ['EdDSA'] })
  assert.deepEqual(findingsOf(await runChecks(bench.config(inline('k')))), [])
  const found = findingsOf(await runChecks(bench.config(inline())))
  assert.match(found.join('\n'), /^weak: the keys of test have no id/)
})

test('tokens that are valid for any audience are worth a look', async () => {
  const outcomes = await runChecks(bench.config(providers({ audience: undefined })))
  assert.match(findingsOf(outcomes).join(), /^weak: tokens of test count whatever application/)
})

test('a failed login is unsafe, and so is a superuser’s', async () => {
  const url = new URL(bench.database.authenticatorUrl)
  url.password = 'wrong'
  for (const [databaseUrl, says] of [
    [url.href, /cannot log in: password authentication failed/],
    [bench.database.ownerUrl, /cannot log in: .* superuser/],
  ] as const) {
    const config = bench.config({ ...providers(), PROXY_DATABASE_URL: databaseUrl })
    const [finding, ...more] = findingsOf(await runChecks(config))
    assert.match(finding ?? '', says)
    assert.deepEqual(more, [])
  }
})

test('a role that claims can permit is checked like the others', async () => {
  const roles = {
    [bench.role]: { claim: 'role', equals: 'x' },
    nobody: { claim: 'role', equals: 'y' },
  }
  const outcomes = await runChecks(bench.config(providers({ roles })))
  const text = findingsOf(outcomes).join('\n')
  assert.match(text, new RegExp(`may not become ${bench.role}`))
  assert.match(text, /the role nobody does not exist/)
})

test('variables that are too permissive for production are worth a look', async () => {
  const wide = bench.config({
    PROXY_DATABASE_URL: 'postgresql://authenticator:pw@db.example.com/memos',
    PROXY_PASSWORD_ROLES: 'postgres',
    PROXY_ALLOWED_ORIGINS: 'http://app.example.com,http://localhost:3000',
    PROXY_ALLOWLIST_RECORD: '.data/recorded',
  })
  const findings = findingsOf(await checkSettings(wide))
  assert.equal(findings.length, 4, findings.join('\n'))
  for (const [i, says] of [
    /without asking for TLS/,
    /lets postgres in/,
    /allows http:\/\/app/,
    /_RECORD/,
  ].entries()) {
    assert.match(findings[i] ?? '', says)
    assert.match(findings[i] ?? '', /^weak/)
  }
  const missing = await checkSettings(bench.config({ PROXY_ALLOWLIST: 'no/such/file' }))
  assert.match(
    findingsOf(missing).join(),
    /^unsafe: the proxy would not start: no\/such\/file cannot be read/,
  )
})

test('a finding that is accepted by name no longer counts as unsafe', () => {
  const outcome: Outcome = {
    name: 'rls',
    group: 'Tables',
    good: '',
    findings: [{ level: 'unsafe', what: 'open', fix: 'close' }],
  }
  assert.equal(report([outcome], new Set()).isSafe, false)
  const { lines, isSafe } = report([outcome], new Set(['rls']))
  assert.ok(isSafe)
  assert.ok(lines.includes('  ! open (accepted) [rls]'))

  const about = { ...outcome, findings: outcome.findings.map((f) => ({ ...f, about: 'public.t' })) }
  assert.equal(report([about], new Set(['rls:public.other', 'policy-open:public.t'])).isSafe, false)
  assert.ok(report([about], new Set(['rls:public.t'])).isSafe)
  assert.ok(report([about], new Set(['rls'])).isSafe)
})

async function run(env: Record<string, string>, ...args: string[]) {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(PACKAGE, 'check', 'main.ts'), ...args],
    {
      env: { ...process.env, ...env },
    },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  }
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { status, output }
}

test('the exit status tells safe, unsafe and not configured apart; no secret is printed', async () => {
  const env = {
    PROXY_DATABASE_URL: bench.database.authenticatorUrl,
    PROXY_SESSION_KEY: bench.database.sessionKey,
    ...providers(),
  }
  const safe = await run(env)
  assert.equal(safe.status, 0, safe.output)

  await bench.asOwner('create table notes (id int); grant select on notes to authenticated')
  const unsafe = await run(env)
  const accepted = await run(env, '--accept', 'rls')
  await bench.asOwner('drop table notes')
  assert.equal(unsafe.status, 1)
  assert.match(unsafe.output, /✘ authenticated has SELECT on public\.notes/)
  assert.match(unsafe.output, /ALTER TABLE public\.notes ENABLE ROW LEVEL SECURITY;/)
  assert.equal(accepted.status, 0, accepted.output)

  const wrong = await run({ ...env, PROXY_SESSION_KEY: 'short' })
  assert.equal(wrong.status, 2)
  assert.match(wrong.output, /^PROXY_SESSION_KEY /)
  assert.equal((await run(env, '--accept', 'everything')).status, 2)

  const { password } = new URL(bench.database.authenticatorUrl)
  for (const { output } of [safe, unsafe, wrong]) {
    assert.ok(!output.includes(password) && !output.includes(bench.database.sessionKey))
    assert.doesNotMatch(output, /\n\s+at /)
  }
})
