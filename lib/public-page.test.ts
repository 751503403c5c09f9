import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NextRequest } from 'next/server'
import { isPublicPage, publicPage } from './public-page'

const landing = (init?: { method: string }) => new NextRequest('https://todos.test/', init)

test('only reading the landing page does without a session', () => {
  assert.equal(isPublicPage(landing()), true)
  assert.equal(isPublicPage(landing({ method: 'HEAD' })), true)
  // A server action can be posted to any path.
  assert.equal(isPublicPage(landing({ method: 'POST' })), false)
  for (const path of ['/server', '/sign-in', '//', '/%2f', '/account']) {
    assert.equal(isPublicPage(new NextRequest(`https://todos.test${path}`)), false, path)
  }
})

test('a public page runs only scripts with the nonce of this one answer', () => {
  const policies = [publicPage(landing()), publicPage(landing())].map(
    ({ headers }) => headers.get('content-security-policy') ?? '',
  )
  const nonces = policies.map((policy) => /'nonce-([^']{20,})'/.exec(policy)?.[1])
  assert.ok(nonces[0] !== undefined && nonces[1] !== undefined)
  assert.notEqual(nonces[0], nonces[1])
  assert.match(policies[0] ?? '', /default-src 'none'.*script-src 'nonce-[^']+' 'strict-dynamic';/)
})
