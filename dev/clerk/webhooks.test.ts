import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { verifyWebhook } from '@clerk/backend/webhooks'
import { alice, backend } from './testing/browser'
import { startTestClerk } from './testing/test-clerk'

const SECRET = `whsec_${Buffer.from('of the tests, and long enough').toString('base64')}`

type Report = { headers: IncomingHttpHeaders; body: string }

/** An app that refuses the first reports. */
async function startApp(t: TestContext, refusals: number) {
  const reports: Report[] = []
  const app = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      reports.push({ headers: request.headers, body })
      response.writeHead(reports.length <= refusals ? 500 : 204).end()
      app.emit('report')
    })
  })
  app.listen(0, '127.0.0.1')
  await once(app, 'listening')
  t.after(() => {
    app.close()
    app.closeAllConnections()
  })
  const url = `http://127.0.0.1:${(app.address() as AddressInfo).port}/webhooks/clerk`
  const received = async (count: number) => {
    while (reports.length < count) await once(app, 'report')
    return reports
  }
  return { webhooks: { url, secret: SECRET }, received }
}

const verified = ({ headers, body }: Report, secret = SECRET) =>
  verifyWebhook(
    new Request('http://app.test/', {
      method: 'POST',
      body,
      headers: Object.fromEntries(
        Object.entries(headers).filter(([name]) => name.startsWith('svix-')),
      ) as Record<string, string>,
    }),
    { signingSecret: secret },
  )

test('the app is told that a user is gone, in words that Clerk’s own SDK believes', async (t) => {
  const { webhooks, received } = await startApp(t, 0)
  const clerk = await startTestClerk(t, { webhooks })
  await backend(clerk, `/users/${alice.id}`, { method: 'DELETE' })
  const [report] = await received(1)
  assert.ok(report)
  const event = await verified(report)
  assert.equal(event.type, 'user.deleted')
  assert.equal(event.data.id, alice.id)
  await assert.rejects(verified(report, `whsec_${Buffer.from('another').toString('base64')}`))
})

test('it is told again when it did not take it, under the same id', async (t) => {
  const { webhooks, received } = await startApp(t, 1)
  const clerk = await startTestClerk(t, { webhooks })
  await backend(clerk, `/users/${alice.id}`, { method: 'DELETE' })
  const reports = await received(2)
  assert.equal(new Set(reports.map(({ headers }) => headers['svix-id'])).size, 1)
})

test('what it has not taken is kept over a restart', async (t) => {
  const { webhooks, received } = await startApp(t, 1)
  const clerk = await startTestClerk(t, { webhooks })
  await backend(clerk, `/users/${alice.id}`, { method: 'DELETE' })
  await received(1)
  await clerk.restart()
  const [, report] = await received(2)
  assert.ok(report)
  assert.equal((await verified(report)).data.id, alice.id)
})
