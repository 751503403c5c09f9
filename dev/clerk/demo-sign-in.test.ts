import assert from 'node:assert/strict'
import { test } from 'node:test'
import { APP_ORIGIN } from './testing/browser'
import { startTestClerk } from './testing/test-clerk'

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
