import type { Browser, Page } from '@playwright/test'
import { expect, newUser, signIn, test } from './fixtures'
import { ORIGIN } from './stack'
import { TodoScreen } from './todo-screen'

async function pageWithoutJavaScript(browser: Browser, userId: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: ORIGIN, javaScriptEnabled: false })
  await signIn(context, userId)
  return context.newPage()
}

test('without JavaScript, /server adds, completes, deletes, marks, clears and filters', async ({
  browser,
}) => {
  const { userId } = await newUser('Alice')
  const page = await pageWithoutJavaScript(browser, userId)
  const screen = new TodoScreen(page)
  await page.goto('/server')
  await screen.type('Buy milk', 'Call Bob', 'Pay rent')
  await screen.expectTasks(['Buy milk', 'Call Bob', 'Pay rent'])

  await screen.checkbox('Call Bob').click()
  await expect(screen.checkbox('Call Bob')).toBeChecked()
  await expect(page.getByText('2 items left')).toBeVisible()
  await page.getByRole('button', { name: 'Delete Pay rent' }).click()
  await screen.expectTasks(['Buy milk', 'Call Bob'])

  await screen.filter('Active')
  await screen.expectTasks(['Buy milk'])
  await screen.checkbox('Buy milk').click()
  await screen.expectTasks([])
  await expect(page).toHaveURL(/\/server\?filter=active$/)
  await screen.filter('All')
  await page.getByRole('checkbox', { name: 'Mark all as complete' }).click()
  await expect(page.getByText('2 items left')).toBeVisible()
  await screen.checkbox('Buy milk').click()
  await page.getByRole('button', { name: 'Clear completed' }).click()
  await screen.expectTasks(['Call Bob'])
  await page.context().close()
})

test('without JavaScript, a text that is too long is refused in words', async ({ browser }) => {
  const { userId } = await newUser('Alice')
  const page = await pageWithoutJavaScript(browser, userId)
  await page.goto('/server')
  const screen = new TodoScreen(page)
  await screen.type('x'.repeat(501))
  await expect(screen.alert).toContainText('500 characters')
  await page.context().close()
})

test('without JavaScript, /browser and /sign-in say that they need it', async ({ browser }) => {
  const { userId } = await newUser('Alice')
  const page = await pageWithoutJavaScript(browser, userId)
  await page.goto('/browser')
  await expect(page.locator('noscript p')).toContainText('with JavaScript, which is off')
  await expect(page.locator('noscript p')).toBeVisible()
  await page.context().clearCookies()
  await page.goto('/sign-in')
  await expect(page.locator('noscript p')).toContainText('needs JavaScript')
  await page.context().close()
})

test('before its JavaScript has loaded, /server works or looks dead', async ({ alice }) => {
  const { page } = alice
  const screen = await TodoScreen.open(page, '/server')
  await screen.add('Buy milk', 'Call Bob')
  await page.route('**/_next/static/**/*.js*', (route) => route.abort())
  await page.goto('/server')
  for (const button of await page.locator('main button').all()) {
    const works = (await button.getAttribute('type')) === 'submit'
    expect(works || (await button.isDisabled()), await button.innerHTML()).toBe(true)
  }
  await screen.checkbox('Buy milk').click()
  await expect(screen.checkbox('Buy milk')).toBeChecked()
  await page.getByRole('button', { name: 'Delete Call Bob' }).click()
  await screen.expectTasks(['Buy milk'])
  await screen.type('Pay rent')
  await screen.expectTasks(['Buy milk', 'Pay rent'])
})
