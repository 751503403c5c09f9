import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  createLocalJWKSet,
  decodeJwt,
  generateKeyPair,
  jwtVerify,
  SignJWT,
  type JSONWebKeySet,
} from 'jose'
import { newVisitor } from '../testing/visitor'
import { challengeOf } from './codes'
import { oidcRoutes } from './oidc'
import { startStandIn, type Skin, type StandIn } from './stand-in'
import { DEMO_USERS } from './users'

const APP = 'http://localhost:3999'
const BACK = `${APP}/callback`
const CLIENT = 'the-app'
const VERIFIER = 'a'.repeat(43)
const { alice, bob } = DEMO_USERS

/** Of an app in a browser: a client without a secret. */
const skin: Skin<'ISSUER'> = {
  name: 'Test & Co',
  algorithm: 'RS256',
  tokenSeconds: 60,
  newUserId: randomUUID,
  variables: ({ origin }) => ({ ISSUER: origin }),
  routes: (core) =>
    oidcRoutes(core, {
      ...{ issuer: core.origin, clientId: CLIENT },
      paths: {
        discovery: '/.well-known/openid-configuration',
        authorize: '/authorize',
        token: '/token',
        jwks: '/jwks',
        userinfo: '/userinfo',
        logout: '/logout',
        revoke: '/revoke',
      },
    }),
}

const folder = mkdtempSync(join(tmpdir(), 'stand-in-'))
const start = (port = 0) =>
  startStandIn(skin, { port, stateFile: join(folder, 'state.json'), appOrigin: APP })
let standIn: StandIn<'ISSUER'>
before(async () => {
  standIn = await start()
})
after(async () => {
  await standIn.stop()
  rmSync(folder, { recursive: true, force: true })
})

function authorizeUrl(changes: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams({
    ...{ client_id: CLIENT, redirect_uri: BACK, response_type: 'code', state: 's', nonce: 'n' },
    ...{ code_challenge: challengeOf(VERIFIER), code_challenge_method: 'S256' },
    ...changes,
  })
  return `${standIn.origin}/authorize?${query.toString()}`
}

type Answer = Readonly<Record<string, string>>

async function send(path: string, fields: Readonly<Record<string, string>>) {
  const body = new URLSearchParams({ client_id: CLIENT, ...fields })
  const response = await fetch(standIn.origin + path, { method: 'POST', body })
  const text = await response.text()
  return { status: response.status, json: (text === '' ? {} : JSON.parse(text)) as Answer }
}

async function codeOf(who = alice as typeof alice | typeof bob): Promise<string> {
  const back = await newVisitor().logIn(authorizeUrl(), who)
  assert.equal(back.searchParams.get('state'), 's')
  return back.searchParams.get('code') ?? ''
}

const redeem = (code: string, changes: Readonly<Record<string, string>> = {}) =>
  send('/token', {
    ...{ grant_type: 'authorization_code', code, redirect_uri: BACK, code_verifier: VERIFIER },
    ...changes,
  })
const renew = (token = '') => send('/token', { grant_type: 'refresh_token', refresh_token: token })
const keys = async () =>
  createLocalJWKSet((await (await fetch(`${standIn.origin}/jwks`)).json()) as JSONWebKeySet)

test('a person who signs in gets tokens that the published key verifies, of no one else', async () => {
  const [hers, his] = [await redeem(await codeOf(alice)), await redeem(await codeOf(bob))]
  const [one, other] = await Promise.all(
    [hers, his].map(async ({ json }) => jwtVerify(json.id_token ?? '', await keys())),
  )
  assert.equal(one?.payload.email, alice.email)
  assert.equal(one.payload.nonce, 'n')
  assert.notEqual(one.payload.sub, other?.payload.sub)
})

test('a code counts once', async () => {
  const code = await codeOf()
  assert.equal((await redeem(code)).status, 200)
  assert.equal((await redeem(code)).json.error, 'invalid_grant')
})

test('a code counts only with its verifier, its address and its client', async () => {
  for (const stolen of [
    { code_verifier: 'b'.repeat(43) },
    { redirect_uri: `${APP}/elsewhere` },
    { client_id: 'another' },
  ]) {
    assert.notEqual((await redeem(await codeOf(), stolen)).status, 200, JSON.stringify(stolen))
  }
})

test('a refresh token that was used ends its session, and that of no one else', async () => {
  const [first, beside] = [await redeem(await codeOf()), await redeem(await codeOf())]
  const second = await renew(first.json.refresh_token)
  assert.notEqual(second.json.access_token, first.json.access_token)
  assert.equal((await renew(first.json.refresh_token)).json.error, 'invalid_grant')
  assert.equal((await renew(second.json.refresh_token)).json.error, 'invalid_grant')
  assert.equal((await renew(beside.json.refresh_token)).status, 200)
})

test('sign-out ends the session, and the browser’s', async () => {
  const visitor = newVisitor()
  const back = await visitor.logIn(authorizeUrl(), alice)
  const { json } = await redeem(back.searchParams.get('code') ?? '')
  const again = await visitor.visit(authorizeUrl())
  assert.match(again.headers.get('location') ?? '', /code=/, 'a browser stays signed in')
  const query = new URLSearchParams({ id_token_hint: json.id_token ?? '' })
  await visitor.visit(`${standIn.origin}/logout?${query.toString()}`)
  assert.equal((await renew(json.refresh_token)).status, 400)
  assert.equal((await visitor.visit(authorizeUrl())).status, 200)
})

test('a forged token tells nothing, and ends nobody’s session', async () => {
  const { json } = await redeem(await codeOf())
  const [header = '', payload = ''] = (json.id_token ?? '').split('.')
  const { privateKey } = await generateKeyPair('RS256')
  const forged = [
    `${header}.${payload}.`,
    await new SignJWT(decodeJwt(json.id_token ?? ''))
      .setProtectedHeader({ alg: 'RS256' })
      .sign(privateKey),
  ]
  for (const token of forged) {
    const headers = { authorization: `Bearer ${token}` }
    assert.equal((await fetch(`${standIn.origin}/userinfo`, { headers })).status, 401)
    const query = new URLSearchParams({ id_token_hint: token })
    const left = await newVisitor().visit(`${standIn.origin}/logout?${query.toString()}`)
    assert.equal(left.status, 401)
  }
  assert.equal((await renew(json.refresh_token)).status, 200)
})

test('no one is sent back to another site', async () => {
  const elsewhere = authorizeUrl({ redirect_uri: 'http://localhost:4000/callback' })
  assert.equal((await newVisitor().visit(elsewhere)).status, 400)
  const query = new URLSearchParams({ post_logout_redirect_uri: 'https://evil.example/' })
  const left = await newVisitor().visit(`${standIn.origin}/logout?${query.toString()}`)
  assert.equal(left.status, 400)
})

test('other sites, and names that lead here, are refused', async () => {
  const headers = { origin: 'https://evil.example' }
  assert.equal((await newVisitor().visit(authorizeUrl(), { headers })).status, 403)
  const status = await new Promise((resolve, reject) => {
    const options = { headers: { host: `evil.example:${new URL(standIn.origin).port}` } }
    request(`${standIn.origin}/jwks`, options, (response) => {
      resolve(response.resume().statusCode)
    })
      .on('error', reject)
      .end()
  })
  assert.equal(status, 403)
})

test('what an SDK does not ask for is refused with a sentence', async () => {
  const response = await fetch(`${standIn.origin}/admin`)
  assert.equal(response.status, 404)
  assert.match(await response.text(), /The stand-in for Test & Co does not answer GET \/admin\./)
})

test('the login page says that it is for this laptop, and shows what was typed as text', async () => {
  const html = await (await newVisitor().visit(authorizeUrl())).text()
  assert.match(html, /stands in for Test &amp; Co, on this laptop only/)
  const body = new URLSearchParams({ email: '"><script>', password: 'x', intent: 'sign-in' })
  const failed = await newVisitor().visit(authorizeUrl(), { method: 'POST', body })
  assert.equal(failed.status, 422)
  const page = await failed.text()
  assert.match(page, /wrong/)
  assert.doesNotMatch(page, /<script>/)
})

test('an address signs up once, whatever its case', async () => {
  const who = { email: 'Carol@Example.com', password: 'correct horse' }
  await newVisitor().logIn(authorizeUrl(), who, 'sign-up')
  const body = new URLSearchParams({ ...who, email: 'carol@example.com', intent: 'sign-up' })
  const again = await newVisitor().visit(authorizeUrl(), { method: 'POST', body })
  assert.match(await again.text(), /That address is taken/)
})

test('users, sessions and the key outlive a restart', async () => {
  const { json } = await redeem(await codeOf())
  const port = Number(new URL(standIn.origin).port)
  await standIn.stop()
  standIn = await start(port)
  await jwtVerify(json.access_token ?? '', await keys())
  assert.equal((await renew(json.refresh_token)).status, 200)
})
