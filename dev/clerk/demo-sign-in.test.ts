import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { z } from 'zod'
import { APP_ORIGIN } from './testing/browser'
import { BOB, startTestClerk } from './testing/test-clerk'

const post = (clerk: { url: string }, fields: Record<string, string>, origin = APP_ORIGIN) =>
  fetch(`${clerk.url}/demo_sign_in`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'manual',
    headers: { origin },
  })

test('one click signs a demo user in, and leads to a page of the app', async (t) => {
  const clerk = await startTestClerk(t)
  const answer = await post(clerk, { user: 'alice', to: '/todos' })
  for (const to of ['/', '/todos', '/lab/follow']) {
    const { status, headers } = await post(clerk, { user: 'alice', to })
    assert.deepEqual([status, headers.get('location')], [303, `${APP_ORIGIN}${to}`])
  }
  const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split('=')[0])
  for (const name of ['__session', '__client_uat', '__clerk_db_jwt'])
    assert.ok(cookies.includes(name))
})

test('a page gets a session beside its own, with tokens for as long as it needs them', async (t) => {
  const clerk = await startTestClerk(t)
  const url = `${clerk.url}/demo_sign_in`
  const headers = { origin: APP_ORIGIN, accept: 'application/json' }
  const body = () => new URLSearchParams({ user: 'bob', to: '/' })
  const answer = await fetch(url, { method: 'POST', body: body(), headers })
  assert.deepEqual(answer.headers.getSetCookie(), [])
  const session = z.object({ jwt: z.string(), next: z.string() }).parse(await answer.json())
  const next = await fetch(`${clerk.url}${session.next}`, { method: 'POST', headers })
  const { jwt } = z.object({ jwt: z.string() }).parse(await next.json())
  for (const token of [session.jwt, jwt]) {
    const { sub, azp } = decodeJwt(token)
    assert.deepEqual([sub, azp], [BOB.id, APP_ORIGIN])
  }
  headers.origin = 'https://evil.example'
  assert.equal((await fetch(url, { method: 'POST', body: body(), headers })).status, 403)
})

test('it leads nowhere else, and signs nobody else in', async (t) => {
  const clerk = await startTestClerk(t)
  for (const to of [
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    '/lab//evil.example',
    '',
  ]) {
    assert.equal((await post(clerk, { user: 'alice', to })).status, 422, to)
  }
  assert.equal((await post(clerk, { user: 'carol', to: '/' })).status, 422)
})

test('a page of another machine cannot use it', async (t) => {
  const clerk = await startTestClerk(t)
  const answer = await post(clerk, { user: 'alice', to: '/' }, 'https://evil.example')
  assert.equal(answer.status, 403)
  assert.deepEqual(answer.headers.getSetCookie(), [])
})
