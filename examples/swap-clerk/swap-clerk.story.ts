import { expect, test, type Page } from '@playwright/test'
import { DEMO_USERS, type Credentials } from '../stand-in/users'

const { alice, bob } = DEMO_USERS
const tokenMs = Number(process.env.EXAMPLE_TOKEN_SECONDS) * 1000

async function signIn(page: Page, { email, password }: Credentials) {
  await page.goto('/server')
  await page.getByRole('link', { name: 'Sign in with Auth0' }).click()
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.locator('[data-live=true]')).toBeVisible()
}

const items = (page: Page) => page.getByRole('list', { name: 'Todos' }).getByRole('listitem')

async function add(page: Page, task: string) {
  const field = page.getByRole('textbox', { name: 'New todo' })
  await field.fill(task)
  await field.press('Enter')
  await expect(items(page).filter({ hasText: task })).toBeVisible()
  await expect(page.locator('[aria-busy]')).toHaveAttribute('aria-busy', 'false')
}

async function expectTasks(page: Page, ...tasks: string[]) {
  await expect(items(page).getByRole('checkbox')).toHaveCount(tasks.length)
  for (const [index, task] of tasks.entries())
    await expect(items(page).nth(index)).toContainText(task)
}

test('with Auth0 in the place of Clerk, two users keep todos apart, from the server and from the browser', async ({
  page,
  browser,
}) => {
  await signIn(page, alice)
  const signedIn = Date.now()
  await add(page, 'Buy oat milk')
  await page.getByRole('link', { name: 'Browser' }).click()
  await expect(page).toHaveURL(/\/browser$/)
  await add(page, 'Call the plumber')

  const context = await browser.newContext()
  const his = await context.newPage()
  await signIn(his, bob)
  await expectTasks(his)
  await add(his, 'Fix the bike')

  // The proxy takes no token past its end, so from here on each click needs a renewed one.
  await expect.poll(() => Date.now() - signedIn, { timeout: tokenMs * 2 }).toBeGreaterThan(tokenMs)
  await add(page, 'Water the plants')
  await page.goto('/server')
  await expectTasks(page, 'Buy oat milk', 'Call the plumber', 'Water the plants')
  await add(page, 'Read a book')

  await page.getByRole('button', { name: 'Account menu' }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL('/')
  await page.goto('/server')
  await expect(page.getByRole('link', { name: 'Sign in with Auth0' })).toBeVisible()
  await his.reload()
  await expectTasks(his, 'Fix the bike')
  await context.close()
})
