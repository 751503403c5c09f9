import { randomUUID } from 'node:crypto'
import { expect, test } from './fixtures'
import { withHungProxy } from './hung-app'
import { stack } from './stack'
import { TodoScreen } from './todo-screen'

test('when the SQL proxy does not answer, /browser shows its frame at once and says so within 5 s', async ({
  alice,
}) => {
  const { page } = alice
  let isAnswered = false
  await page.route(stack().NEXT_PUBLIC_SQL_URL, (route) =>
    isAnswered ? route.continue() : undefined,
  )
  await page.goto('/browser')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  const said = page.getByText('the database or the sign-in service does not answer')
  await expect(said).toBeVisible({ timeout: 5_000 })
  const screen = new TodoScreen(page)
  await expect(screen.alert).toContainText('could not be loaded', { timeout: 15_000 })
  isAnswered = true
  await screen.alert.getByText('Retry').click()
  await screen.isLive()
})

test('when Clerk does not answer, both pages say so within 5 s, and /server still shows its list', async ({
  alice,
}) => {
  const { page } = alice
  const screen = await TodoScreen.open(page, '/server')
  await screen.add('Buy milk')
  await page.route('**/__clerk/**', () => undefined)
  await page.goto('/server', { waitUntil: 'commit' })
  await screen.expectTasks(['Buy milk'])
  await page.goto('/browser', { waitUntil: 'commit' })
  const said = page.getByText('the database or the sign-in service does not answer')
  await expect(said).toBeVisible({ timeout: 5_000 })
})

test('when the SQL proxy does not answer the server, pages show their frame at once, and say so within 5 s', async ({
  alice,
}) => {
  const { page } = alice
  await withHungProxy(async (origin) => {
    for (const path of ['/server', '/server/today', `/server/lists/${randomUUID()}`]) {
      await page.goto(origin + path, { waitUntil: 'commit' })
      await expect(page.getByRole('navigation', { name: 'Views' })).toBeVisible({ timeout: 2_500 })
      const said = page.getByText('the database or the sign-in service does not answer').first()
      await expect(said).toBeVisible({ timeout: 5_000 })
    }
    await page.goto(`${origin}/server`, { waitUntil: 'commit' })
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('My todos')
    const screen = new TodoScreen(page)
    await expect(screen.alert).toContainText('could not be loaded', { timeout: 20_000 })
    await expect(screen.alert.getByText('Retry')).toBeVisible()
  })
})
