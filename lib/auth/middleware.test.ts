import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { generateKeyPair, SignJWT } from 'jose'
import { NextFetchEvent } from 'next/dist/server/web/spec-extension/fetch-event'
import { NextRequest } from 'next/server'

/** A Clerk that takes connections, and says nothing. */
const hung = createServer(() => undefined).listen(0, '127.0.0.1')
await once(hung, 'listening')
after(() => {
  hung.close()
  hung.closeAllConnections()
})

Object.assign(process.env, {
  NEXT_PUBLIC_DATABASE_AUTHENTICATED_URL: 'postgresql://authenticated@db.test/todos',
  NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: `pk_test_${Buffer.from('calm-otter-7.clerk.accounts.dev$').toString('base64')}`,
  CLERK_SECRET_KEY: 'sk_test_only_for_tests',
  NEXT_PUBLIC_CLERK_TELEMETRY_DISABLED: '1',
  CLERK_API_URL: `http://127.0.0.1:${(hung.address() as AddressInfo).port}`,
})
const { authenticate } = await import('./middleware')

test('a Clerk that does not answer is said on a page, within five seconds', async () => {
  const { privateKey } = await generateKeyPair('RS256')
  const now = Math.floor(Date.now() / 1000)
  const session = await new SignJWT({ sid: 'sess_1', azp: 'http://todos.test' })
    .setProtectedHeader({ alg: 'RS256', kid: 'unknown yet', typ: 'JWT' })
    .setIssuer('https://calm-otter-7.clerk.accounts.dev')
    .setSubject('user_alice')
    .setIssuedAt(now)
    .setNotBefore(now)
    .setExpirationTime(now + 60)
    .sign(privateKey)
  const cookie = `__session=${session}; __client_uat=${now - 10}; __clerk_db_jwt=dvb_1`
  const started = performance.now()
  const request = new NextRequest('http://todos.test/server', { headers: { cookie } })
  const event = new NextFetchEvent({ request, page: '/server', context: undefined })
  const answer = await authenticate(request, event)
  assert.equal(answer.status, 503)
  assert.equal(answer.headers.get('x-middleware-rewrite'), 'http://todos.test/unavailable')
  assert.match(answer.headers.get('content-security-policy') ?? '', /script-src 'nonce-/)
  assert.ok(performance.now() - started < 5_000)
})
