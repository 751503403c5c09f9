import assert from 'node:assert/strict'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { parseConfig } from '../../config/config'
import { ProxyError, type ErrorCode } from '../../errors'
import { nowSeconds, startIssuer, type Issuer } from '../../../test/testing/issuer'
import { lookAt } from '../../ops/watch-file'
import { fetchKeys, type FetchKeys } from './fetch-keys'
import { openTokens, type Tokens } from './open-tokens'
import { parseProviders } from './parse-providers'
import { requireRevocations } from './revocations'

let one: Issuer
let two: Issuer
let folder: string
before(async () => {
  ;[one, two] = await Promise.all([startIssuer(), startIssuer()])
  folder = await mkdtemp(join(tmpdir(), 'proxy-tokens-'))
})
after(() => Promise.all([one.close(), two.close(), rm(folder, { recursive: true })]))

let now: number
let said: string[]
let onSaid: (sentence: string) => void
let tokens: Tokens | undefined
beforeEach(() => {
  now = Date.now()
  said = []
  onSaid = () => undefined
})
afterEach(() => tokens?.close())

const pathOf = (name: string) => join(folder, name)

async function written(name: string, text: string): Promise<string> {
  await writeFile(pathOf(name), text)
  return pathOf(name)
}

async function open(providers: string, revoked = '', fetch?: FetchKeys): Promise<Tokens> {
  const providersFile = lookAt(await written('providers.json', providers))
  const revokedFile = lookAt(await written('revoked', revoked))
  tokens = openTokens(
    {
      providers: parseProviders(providers),
      providersFile,
      revoked: requireRevocations(revoked),
      revokedFile,
    },
    {
      ...(fetch ? { fetchKeys: fetch } : {}),
      now: () => now,
      say: (sentence) => {
        said.push(sentence)
        onSaid(sentence)
      },
    },
  )
  return tokens
}

const list = (...providers: Record<string, unknown>[]) => JSON.stringify(providers)
const both = () => list({ name: 'one', issuer: one.url }, { name: 'two', issuer: two.url })

/** Writes a file and reloads it, as SIGHUP does. */
async function change(name: 'providers.json' | 'revoked', text: string) {
  said = []
  await writeFile(pathOf(name), text)
  tokens?.reload()
}

async function refuses(token: string, code: ErrorCode) {
  assert.ok(tokens)
  await assert.rejects(
    tokens.verifyToken(token),
    (error: unknown) => error instanceof ProxyError && error.code === code,
  )
}

test('a provider that is removed from the file is no longer trusted, even with cached keys', async () => {
  const { verifyToken } = await open(both())
  const token = await one.token('alice')
  await verifyToken(token)
  await change('providers.json', list({ name: 'two', issuer: two.url }))
  await refuses(token, 'token_issuer_unknown')
  await verifyToken(await two.token('alice'))
  assert.ok(said.includes('PROXY_JWT_PROVIDERS was read again: two.'))
})

test('a revocation between the first read and the start of watching counts as well', async () => {
  const config = parseConfig({
    PROXY_DATABASE_URL: 'postgresql://authenticator@localhost/memos',
    PROXY_SESSION_KEY: Buffer.alloc(32, 1).toString('base64'),
    PROXY_JWT_PROVIDERS: await written('providers.json', both()),
    PROXY_REVOKED: await written('revoked', ''),
  })
  await written('revoked', 'sub:alice')
  await new Promise<string>((say) => (tokens = openTokens(config.tokens, { say })))
  await refuses(await one.token('alice'), 'token_revoked')
  await tokens?.verifyToken(await one.token('bob'))
})

test('a provider that comes back fetches its keys again; one that stayed does not', async () => {
  const { verifyToken } = await open(both())
  await verifyToken(await one.token('alice'))
  await verifyToken(await two.token('alice'))
  const [first, second] = [one.fetches(), two.fetches()]
  await change('providers.json', list({ name: 'two', issuer: two.url, audience: 'memos' }))
  await change('providers.json', both())
  await verifyToken(await one.token('alice'))
  await verifyToken(await two.token('alice'))
  assert.deepEqual([one.fetches(), two.fetches()], [first + 1, second])
})

test('a provider that is removed while its keys are being fetched is not trusted', async () => {
  let sayAsked: () => void = () => undefined
  let release: () => void = () => undefined
  const asked = new Promise<void>((resolve) => (sayAsked = resolve))
  const released = new Promise<void>((resolve) => (release = resolve))
  const { verifyToken } = await open(both(), '', async (...keys) => {
    sayAsked()
    await released
    return fetchKeys(...keys)
  })
  const verified = verifyToken(await one.token('alice'))
  await asked
  await change('providers.json', list({ name: 'two', issuer: two.url }))
  release()
  await assert.rejects(verified, /issuer is not accepted/)
})

test('a stricter rule takes effect immediately', async () => {
  const { verifyToken } = await open(both())
  const token = await one.token('alice')
  await verifyToken(token)
  await change('providers.json', list({ name: 'one', issuer: one.url, audience: 'memos' }))
  await refuses(token, 'token_audience_refused')
})

test('a file with a mistake changes nothing, and one line says so', async () => {
  const { verifyToken } = await open(both())
  const broken = [
    both().replace('"name":"two"', '"nome":"two"'),
    both().slice(0, -1),
    list({ issuer: one.url, audience: 'memos' }, { issuer: two.url, algorithms: ['HS256'] }),
    '',
  ]
  for (const text of broken) {
    await change('providers.json', text)
    await verifyToken(await one.token('alice'))
    await verifyToken(await two.token('alice'))
    const [line = ''] = said
    assert.match(line, /^PROXY_JWT_PROVIDERS is wrong: .*\. Still as before: one, two\.$/)
  }
})

test('a provider that a file with a mistake no longer mentions stops all the same', async () => {
  const { verifyToken } = await open(both())
  await change('providers.json', list({ name: 'two', issuer: two.url }).slice(0, -1))
  await refuses(await one.token('alice'), 'token_issuer_unknown')
  await verifyToken(await two.token('alice'))
  assert.match(said[0] ?? '', /Still as before: two\. No longer mentioned, so stopped: one\.$/)
})

test('an unreadable file keeps the previous content, and a line says so', async () => {
  const { verifyToken, reload } = await open(both(), 'sub:mallory')
  await rm(pathOf('providers.json'))
  await rm(pathOf('revoked'))
  reload()
  await verifyToken(await one.token('alice'))
  await refuses(await one.token('mallory'), 'token_revoked')
  assert.deepEqual(said, [
    'PROXY_JWT_PROVIDERS cannot be read; what it held before still counts.',
    'PROXY_REVOKED cannot be read; what it held before still counts.',
  ])
})

test('a replaced file is noticed without a signal', async () => {
  const { verifyToken } = await open(both())
  const token = await one.token('alice', { sid: 'sess_1' })
  await verifyToken(token)
  const noticed = new Promise<string>((resolve) => {
    onSaid = resolve
  })
  // The watcher's timer does not keep the process alive, so the test must.
  const alive = setInterval(() => undefined, 1_000)
  await writeFile(pathOf('revoked.new'), 'sid:sess_1\n')
  await rename(pathOf('revoked.new'), pathOf('revoked'))
  assert.equal(await noticed, 'PROXY_REVOKED was read again: 1 entries.')
  clearInterval(alive)
  await refuses(token, 'token_revoked')
})

test('revoked sessions, users and tokens are refused before they expire', async () => {
  const { verifyToken } = await open(both())
  const token = await one.token('alice', { sid: 'sess_1', jti: 'token_1' })
  for (const entry of ['sid:sess_1', 'sub:alice', 'jti:token_1']) {
    await verifyToken(token)
    await change('revoked', `# why\n\n${entry}  # found in a paste\r\n`)
    await refuses(token, 'token_revoked')
    await change('revoked', `${entry} ${one.url}`)
    await refuses(token, 'token_revoked')
    await change('revoked', `${entry} ${two.url}\n${entry}0`)
    await verifyToken(token)
  }
})

test('a session is identified by the claim that its provider uses', async () => {
  const issuer = 'https://memos.supabase.co/auth/v1'
  const config = { preset: 'supabase', issuer, jwksUrl: one.jwksUrl }
  const { verifyToken } = await open(list(config))
  const token = await one.token('alice', { iss: issuer, aud: 'authenticated', session_id: 's1' })
  await verifyToken(token)
  await change('revoked', 'sid:s1')
  await refuses(token, 'token_revoked')
})

test('an invalid line prevents the start; later, it lifts no revocation', async () => {
  assert.throws(
    () => requireRevocations('sid:a\nuser:alice\nsid:\n'),
    /line 2, 3 is not of the form/,
  )
  const { verifyToken } = await open(both(), 'sub:mallory')
  await change('revoked', 'sub: mallory\nsub:alice')
  await refuses(await one.token('mallory'), 'token_revoked')
  await refuses(await one.token('alice'), 'token_revoked')
  await verifyToken(await one.token('bob'))
  assert.match(said.at(-1) ?? '', /^PROXY_REVOKED is wrong: line 1 .* still counts/)
})

test('a token expires by the clock, with 30 s of leeway', async () => {
  const { verifyToken } = await open(both())
  const token = await one.token('alice', { exp: nowSeconds() + 60 })
  now += 89_000
  await verifyToken(token)
  now += 2_000
  await refuses(token, 'token_expired')
})
