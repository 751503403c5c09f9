import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { NextRequest, type NextFetchEvent } from 'next/server'

const ORIGIN = 'http://localhost:3000'

describe('the hook in front of every page', () => {
  let hook: (typeof import('../proxy'))['default']
  before(async () => {
    Object.assign(process.env, {
      APP_ORIGIN: ORIGIN,
      NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: `pk_test_${Buffer.from('local-emu-1.clerk.accounts.dev$').toString('base64')}`,
      CLERK_SECRET_KEY: 'sk_test_only_for_tests',
      NEXT_PUBLIC_CLERK_PROXY_URL: '/__clerk',
      NEXT_PUBLIC_CLERK_SIGN_IN_URL: '/sign-in',
      NEXT_PUBLIC_CLERK_TELEMETRY_DISABLED: '1',
      NEXT_PUBLIC_SQL_URL: 'http://localhost:4444/sql',
      NEXT_PUBLIC_DATABASE_AUTHENTICATED_URL: 'postgresql://authenticated@localhost/todos',
    })
    hook = (await import('../proxy')).default
  })

  async function open(headers: Record<string, string>, method = 'GET') {
    const request = new NextRequest(`${ORIGIN}/server?filter=active`, {
      method,
      headers: {
        host: 'localhost:3000',
        accept: 'text/html',
        'sec-fetch-dest': 'document',
        ...headers,
      },
    })
    // Clerk's hook does not look at it.
    const event: unknown = {}
    const response = await hook(request, event as NextFetchEvent)
    assert.ok(response)
    return { status: response.status, location: response.headers.get('location') ?? '' }
  }

  test('lets Clerk answer what is meant for the app', async () => {
    const { status, location } = await open({})
    assert.equal(status, 307)
    assert.ok(location.startsWith(`${ORIGIN}/__clerk/v1/client/handshake?`), location)
  })

  const FORGED: Record<string, string>[] = [
    { host: 'evil.example' },
    { host: 'localhost:9999' },
    { host: 'localhost:3000.evil.example' },
    { 'x-forwarded-host': 'evil.example' },
    { 'x-forwarded-host': 'evil.example, localhost:3000' },
    { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
    { 'x-forwarded-host': '' },
    { 'x-forwarded-proto': 'javascript' },
  ]
  for (const headers of FORGED) {
    test(`never redirects to the host in ${JSON.stringify(headers)}`, async () => {
      assert.deepEqual(await open(headers), {
        status: 307,
        location: `${ORIGIN}/server?filter=active`,
      })
      assert.deepEqual(await open(headers, 'POST'), { status: 421, location: '' })
    })
  }
})
