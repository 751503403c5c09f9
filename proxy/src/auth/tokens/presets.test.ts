import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ProxyError } from '../../errors'
import { nowSeconds, startIssuer, type Claims, type Issuer } from '../../../test/testing/issuer'
import { SAMPLES } from '../../../test/testing/provider-samples'
import { fetchKeys } from './fetch-keys'
import { parseProviders } from './parse-providers'
import { PRESET_NAMES } from './presets'
import { Providers } from './providers'
import { isRevoked } from './revocations'
import { createVerifier } from './verify'

const issuers: Record<'RS256' | 'ES256', Issuer | undefined> = {
  RS256: undefined,
  ES256: undefined,
}
before(async () => {
  issuers.RS256 = await startIssuer('RS256')
  issuers.ES256 = await startIssuer('ES256')
})
after(() => Promise.all([issuers.RS256?.close(), issuers.ES256?.close()]))

/** Token verification for one provider; the local issuer publishes the keys in its place. */
function setup(config: Record<string, unknown>, alg: 'RS256' | 'ES256' = 'RS256') {
  const local = issuers[alg]
  assert.ok(local)
  const asked: string[] = []
  const providers = new Providers(parseProviders(JSON.stringify([config])), (url) => {
    asked.push(url)
    return fetchKeys(local.jwksUrl)
  })
  const verify = createVerifier(providers)
  return {
    asked,
    verify: async (claims: Claims, header?: Record<string, unknown>) =>
      verify(await local.sign({ iat: nowSeconds(), exp: nowSeconds() + 60, ...claims }, header)),
  }
}

function problem(...configs: Record<string, unknown>[]): string {
  try {
    parseProviders(JSON.stringify(configs))
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
  return assert.fail('accepted')
}

describe('one line of configuration accepts a real token and refuses another customer’s', () => {
  for (const [name, { config, jwksUrl, claims, anothers, alg, header }] of Object.entries(
    SAMPLES,
  )) {
    test(name, async () => {
      const { verify, asked } = setup(config, alg)
      assert.equal((await verify(claims, header)).subject, claims.sub)
      assert.deepEqual(asked, [jwksUrl])
      const code = 'iss' in anothers ? 'token_issuer_unknown' : 'token_audience_refused'
      await assert.rejects(
        verify({ ...claims, ...anothers }, header),
        (error: unknown) => error instanceof ProxyError && error.code === code,
      )
      const unexpected = { ...claims, iss: `${String(claims.iss)}/evil` }
      await assert.rejects(verify(unexpected, header), /issuer is not accepted/)
    })
  }

  test('every preset has a sample', () => {
    const sampled = new Set(Object.values(SAMPLES).map(({ config }) => config.preset))
    assert.deepEqual(
      PRESET_NAMES.filter((name) => !sampled.has(name)),
      [],
    )
  })
})

test('a refresh token of Descope, which its sessions’ key signs, is refused', async () => {
  const { descope } = SAMPLES
  assert.ok(descope)
  const { verify } = setup(descope.config)
  await assert.rejects(verify({ ...descope.claims, drn: 'DSR' }), (error: unknown) => {
    assert.ok(error instanceof ProxyError && error.code === 'token_claims_invalid')
    assert.equal(error.message, 'JWT token is a refresh token (drn)')
    return true
  })
  await setup({
    preset: 'custom',
    issuer: 'https://mine.example',
    jwksUrl: 'https://mine.example/k',
  }).verify({ iss: 'https://mine.example', sub: 'alice', drn: 'DSR' })
})

test('PROXY_REVOKED ends a session by its id, wherever its provider writes that', () => {
  const sessions = {
    ...{ clerk: 'sess_2b', 'stack-auth': 'a2f4', stytch: 'session-live-1', keycloak: 'b3c1' },
    ...{ supertokens: 'd2d8', supabase: '0b7a', 'cognito, access token': 'o1' },
    workos: 'session_01HQSXZGF8FHF7A9ZZFCW4387R',
  }
  for (const [name, id] of Object.entries(sessions)) {
    const sample = SAMPLES[name]
    assert.ok(sample, name)
    const [provider] = parseProviders(JSON.stringify([sample.config]))
    assert.ok(provider)
    assert.ok(isRevoked(sample.claims, provider, new Set([`sid:${id}`])), name)
    assert.ok(!isRevoked(sample.claims, provider, new Set(['sid:another'])), name)
  }
})

test('a token that SuperTokens gave an OAuth client is refused, which has fewer rights than the user', async () => {
  const { supertokens } = SAMPLES
  assert.ok(supertokens)
  const { verify } = setup(supertokens.config)
  await verify({ ...supertokens.claims, stt: 0 })
  for (const stt of [1, 2, '0', null]) {
    await assert.rejects(verify({ ...supertokens.claims, stt }), (error: unknown) => {
      assert.ok(error instanceof ProxyError && error.code === 'token_claims_invalid')
      assert.equal(error.message, 'JWT token is not a session’s (stt)')
      return true
    })
  }
})

test('a configured audience is required, even where tokens may have none', async () => {
  const propelauth = { preset: 'propelauth', issuer: 'https://auth.memos.example', audience: 'us' }
  const { verify } = setup(propelauth)
  const claims = { iss: 'https://auth.memos.example', sub: 'alice' }
  await assert.rejects(verify(claims), /invalid JWT token audience/)
  await assert.rejects(verify({ ...claims, client_id: 'us' }), /invalid JWT token audience/)
  await verify({ ...claims, aud: 'us' })
})

test('custom keys come from a URL or from the configuration', async () => {
  const local = issuers.RS256
  assert.ok(local)
  const claims = { iss: 'https://mine.example', sub: 'alice' }
  const byUrl = { preset: 'custom', issuer: claims.iss, jwksUrl: 'https://mine.example/keys' }
  await setup(byUrl).verify(claims)
  const jwks = { keys: await fetchKeys(local.jwksUrl) }
  const inline = setup({ preset: 'custom', issuer: claims.iss, jwks })
  assert.equal((await inline.verify(claims)).subject, 'alice')
  assert.deepEqual(inline.asked, [])
  await assert.rejects(inline.verify(claims, { kid: 'other' }), (error: unknown) => {
    assert.ok(error instanceof ProxyError && error.code === 'token_key_unknown')
    assert.match(error.fields.hint ?? '', /"jwks" of custom in PROXY_JWT_PROVIDERS/)
    return true
  })
  assert.match(problem({ preset: 'custom', issuer: claims.iss }), /"jwksUrl" or "jwks" is needed/)
  for (const key of [
    { kty: 'oct', k: 'c2VjcmV0' },
    { kty: 'RSA', n: 'AQ', d: 'c2VjcmV0' },
  ]) {
    const message = problem({ preset: 'custom', issuer: claims.iss, jwks: { keys: [key] } })
    assert.match(message, /"jwks" holds a secret key/)
    assert.ok(!message.includes('c2VjcmV0'))
  }
  assert.match(problem({ issuer: claims.iss, jwks: { keys: [] } }), /at least one key/)
})

test('an issuer on this machine never gets its keys from a provider’s cloud', async () => {
  const origin = 'http://localhost:4446'
  for (const config of [
    { preset: 'firebase', issuer: `${origin}/my-project`, audience: 'my-project' },
    { preset: 'google', issuer: origin, audience: 'my-client' },
    { preset: 'stytch', issuer: `${origin}/project-test-1` },
  ]) {
    assert.match(problem(config), /"jwksUrl" is missing: an issuer on this machine/)
    const jwksUrl = `${origin}/keys`
    const { asked, verify } = setup({ ...config, jwksUrl })
    await verify({ iss: config.issuer, sub: 'alice', aud: config.audience ?? 'project-test-1' })
    assert.deepEqual(asked, [jwksUrl])
  }
  const id = 'P2abcdefghijklmnopqrstuvwx'
  const { asked, verify } = setup({ preset: 'descope', issuer: `${origin}/${id}` })
  await verify({ iss: `${origin}/${id}`, sub: 'alice' })
  assert.deepEqual(asked, [`${origin}/v2/keys/${id}`])
})

test('with only an issuer, keys are found by discovery', async () => {
  const local = issuers.ES256
  assert.ok(local)
  const providers = new Providers(parseProviders(JSON.stringify([{ issuer: local.url }])))
  const verified = await createVerifier(providers)(await local.token('alice'))
  assert.equal(verified.issuer, local.url)
})

test('with keys that customers share, a start without an audience is refused, with or without a preset', () => {
  const tenant = 'https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0'
  const configs: Record<string, unknown>[] = [
    { preset: 'google' },
    { preset: 'firebase', issuer: 'https://securetoken.google.com/memos' },
    { preset: 'azure-ad', issuer: tenant },
    { issuer: 'https://accounts.google.com' },
    { issuer: tenant },
    { preset: 'custom', issuer: tenant, jwksUrl: 'https://mine.example/keys' },
    { preset: 'google', audience: [] },
  ]
  for (const config of configs) {
    assert.match(problem(config), /"audience" is missing, and .* same keys: say for whom/)
  }
})

test('an issuer that does not fit the preset is refused with an example that does', () => {
  assert.match(problem({ preset: 'auth0', issuer: 'https://x.auth0.com' }), /with the slash/)
  const common = 'https://login.microsoftonline.com/common/v2.0'
  assert.match(problem({ preset: 'azure-ad', issuer: common, audience: 'x' }), /common/)
  assert.match(problem({ preset: 'azure-ad', tenantId: 'organizations', audience: 'x' }), /guid/)
  assert.match(problem({ preset: 'clerk' }), /"issuer" is missing, for example https:/)
  assert.match(problem({ preset: 'workos' }), /or "clientId"/)
  assert.match(problem({ preset: 'clark', issuer: 'https://a.example' }), /not one of clerk/)
  const b2c = 'https://c.b2clogin.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0/'
  assert.match(problem({ preset: 'azure-ad', issuer: b2c, audience: 'x' }), /"policy"/)
  assert.match(problem({ preset: 'clerk', projectId: 'x' }), /"projectId" means nothing for clerk/)
})

test('two providers with the same issuer are refused, however it is spelled', () => {
  const google = { preset: 'google', audience: 'x' }
  assert.match(problem(google, google), /provider 2 has the same issuer/)
  const older = { preset: 'custom', issuer: 'accounts.google.com', jwksUrl: 'https://a.example/k' }
  assert.match(problem(google, { ...older, audience: 'y' }), /provider 2 has the same issuer/)
})

test('a token is matched by its issuer: another provider’s key under the same id is not tried', async () => {
  const [one, two] = [issuers.RS256, issuers.ES256]
  assert.ok(one && two)
  const list = [{ issuer: one.url }, { issuer: two.url }]
  const verify = createVerifier(new Providers(parseProviders(JSON.stringify(list))))
  await Promise.all([verify(await one.token('alice')), verify(await two.token('alice'))])
  await assert.rejects(verify(await one.token('alice', { iss: two.url })), /not supported/)
})

test('a leeway is a few minutes at most, and a claim that users can edit is refused as id', () => {
  const base = { issuer: 'https://mine.example' }
  for (const leeway of [-1, 301, 0.5, 1e9]) {
    assert.match(problem({ ...base, leeway }), /"leeway" is not a whole number of seconds from 0/)
  }
  assert.match(problem({ ...base, leeway: '30' }), /"leeway" is missing or has the wrong type/)
  for (const userId of ['user_metadata.id', ['unsafe_metadata'], 'a.unsafeMetadata.b']) {
    assert.match(problem({ ...base, userId }), /"userId" is one that users can change themselves/)
  }
  for (const userId of ['', [], 7]) {
    assert.match(problem({ ...base, userId }), /"userId" is missing or has the wrong type/)
  }
  const [provider] = parseProviders(JSON.stringify([{ ...base, userId: 'a.b', leeway: 0 }]))
  assert.deepEqual([provider?.userId, provider?.leeway], [['a', 'b'], 0])
})

test('Firebase’s user_id can be the id', async () => {
  const { firebase } = SAMPLES
  assert.ok(firebase)
  const { verify } = setup({ ...firebase.config, userId: 'user_id' }, firebase.alg)
  const claims = { ...firebase.claims, sub: undefined, user_id: 'abc' }
  assert.equal((await verify(claims, firebase.header)).subject, 'abc')
})
