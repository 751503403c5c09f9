import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import type { APIRequestContext } from '@playwright/test'
import { sign } from '../dev/clerk/webhooks'
import { expect, newUser, signIn, test } from './fixtures'
import { clerkClient, ORIGIN, stack } from './stack'
import { TodoScreen } from './todo-screen'

/** How many rows have the user's id in them, as the tables' owner sees it. */
async function rowsOf(userId: string): Promise<number> {
  const client = new Client({ connectionString: stack().DATABASE_URL })
  await client.connect()
  const { rows } = await client.query<{ count: number }>(
    'select count(*)::int as count from todos where user_id = $1',
    [userId],
  )
  await client.end()
  return rows[0]?.count ?? -1
}

test('a user deletes their account, and every row of theirs goes with it', async ({
  alice,
  bob,
}) => {
  const { page } = alice
  const screen = await TodoScreen.open(page, '/server')
  await screen.add('Alice’s secret')
  const his = await TodoScreen.open(bob.page, '/server')
  await his.add('Bob’s errand')

  await page.getByRole('button', { name: 'Account menu' }).click()
  await page.getByRole('link', { name: 'Account' }).click()
  await page.getByRole('button', { name: 'Delete my account' }).click()
  const dialog = page.getByRole('dialog')
  const confirm = dialog.getByRole('button', { name: 'Delete everything' })
  await expect(confirm).toBeDisabled()
  await dialog.getByRole('textbox').fill('delete my account')
  await confirm.click()

  await expect(page.getByText('Your account is deleted')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible()
  await expect.poll(() => rowsOf(alice.userId)).toBe(0)
  expect(await rowsOf(bob.userId)).toBe(1)
  const users = await clerkClient().users.getUserList({ userId: [alice.userId] })
  expect(users.data).toEqual([])
  await page.goto('/server')
  await expect(page).toHaveURL(/\/sign-in/)
})

test('a user who changes their mind keeps everything', async ({ alice }) => {
  const { page } = alice
  await page.goto('/account')
  const open = page.getByRole('button', { name: 'Delete my account' })
  await open.click()
  await page.getByRole('dialog').getByRole('textbox').fill('delete my account')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await open.click()
  await expect(page.getByRole('dialog').getByRole('textbox')).toHaveValue('')
  const users = await clerkClient().users.getUserList({ userId: [alice.userId] })
  expect(users.data).toHaveLength(1)
})

/** Sends what Clerk would, with what an attacker changes. */
async function report(
  request: APIRequestContext,
  userId: string,
  { secret = stack().CLERK_WEBHOOK_SIGNING_SECRET, age = 0, tampered = '', headers = {} } = {},
): Promise<number> {
  const id = `msg_${randomUUID()}`
  const body = JSON.stringify({
    type: 'user.deleted',
    object: 'event',
    data: { id: userId, object: 'user', deleted: true },
  })
  const seconds = String(Math.floor(Date.now() / 1000) - age)
  const answer = await request.post('/webhooks/clerk', {
    data: body.replace(userId, `${userId}${tampered}`),
    headers: {
      'content-type': 'application/json',
      'svix-id': id,
      'svix-timestamp': seconds,
      'svix-signature': sign(secret, id, seconds, body),
      ...headers,
    },
  })
  return answer.status()
}

test.describe('a report that a user is gone', () => {
  const FORGED: [string, Parameters<typeof report>[2]][] = [
    ['with another secret', { secret: `whsec_${Buffer.alloc(24).toString('base64')}` }],
    ['with an empty secret', { secret: 'whsec_' }],
    ['that is six minutes old', { age: 6 * 60 }],
    ['from six minutes ahead', { age: -6 * 60 }],
    ['about another user than was signed', { tampered: 'x' }],
    ['without a signature', { headers: { 'svix-signature': '' } }],
    ['with a signature that is none', { headers: { 'svix-signature': 'v1,AAAA' } }],
    ['without a time', { headers: { 'svix-timestamp': '' } }],
  ]
  for (const [what, forgery] of FORGED) {
    test(`${what} deletes nothing`, async ({ alice, request }) => {
      const screen = await TodoScreen.open(alice.page, '/server')
      await screen.add('Alice’s secret')
      expect(await report(request, alice.userId, forgery)).toBe(400)
      expect(await rowsOf(alice.userId)).toBe(1)
    })
  }

  test('deletes their rows, and may come twice', async ({ alice, request }) => {
    const screen = await TodoScreen.open(alice.page, '/server')
    await screen.add('Alice’s secret')
    expect(await report(request, alice.userId)).toBe(204)
    expect(await rowsOf(alice.userId)).toBe(0)
    expect(await report(request, alice.userId)).toBe(204)
  })

  test('that is too long is not read', async ({ request }) => {
    const answer = await request.post('/webhooks/clerk', { data: 'x'.repeat(70_000) })
    expect(answer.status()).toBe(413)
  })
})

test('deleting a user elsewhere, as in Clerk’s dashboard, deletes their rows too', async ({
  browser,
}) => {
  const { userId } = await newUser('Carol')
  const context = await browser.newContext({ baseURL: ORIGIN })
  await signIn(context, userId)
  const screen = await TodoScreen.open(await context.newPage(), '/server')
  await screen.add('Carol’s secret')
  await clerkClient().users.deleteUser(userId)
  await expect.poll(() => rowsOf(userId)).toBe(0)
  await context.close()
})
