import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NextRequest } from 'next/server'
import { publicPage, unavailablePage } from './public-page'

const page = (path: string, method = 'GET') =>
  new NextRequest(`https://todos.test${path}`, { method })

test('only reading the landing page does without a session', () => {
  assert.ok(publicPage(page('/')))
  assert.ok(publicPage(page('/', 'HEAD')))
  // A server action can be posted to any path.
  assert.equal(publicPage(page('/', 'POST')), undefined)
  for (const path of ['/server', '/sign-in', '//', '/%2f', '/account', '/offline']) {
    assert.equal(publicPage(page(path)), undefined, path)
  }
})

test('the landing page runs no script at all', () => {
  const policy = publicPage(page('/'))?.headers.get('content-security-policy') ?? ''
  assert.match(policy, /default-src 'none'.*script-src 'none';/)
})

test('the page that stands in for others runs only scripts with the nonce of this one answer', () => {
  const policies = [1, 2].map(
    () => unavailablePage(page('/server')).headers.get('content-security-policy') ?? '',
  )
  const nonces = policies.map((policy) => /'nonce-([^']{20,})'/.exec(policy)?.[1])
  assert.ok(nonces[0] !== undefined && nonces[1] !== undefined)
  assert.notEqual(nonces[0], nonces[1])
  assert.match(policies[0] ?? '', /script-src 'nonce-[^']+' 'strict-dynamic';/)
})
