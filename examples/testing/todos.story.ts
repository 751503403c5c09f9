import { expect, test, type BrowserContext, type Page } from '@playwright/test'
import { DEMO_USERS, type Credentials } from '../stand-in/users'

const { alice, bob } = DEMO_USERS
const title = process.env.EXAMPLE_TITLE ?? ''
const hasSignUp = Boolean(process.env.EXAMPLE_SIGN_UP)
const tokenMs = Number(process.env.EXAMPLE_TOKEN_SECONDS) * 1000

/** What pages asked for outside this machine. */
const outside: string[] = []

/** Nothing leads outside, and what tries to is remembered. */
async function enclose(context: BrowserContext) {
  const isOutside = ({ protocol, hostname }: URL) =>
    /^(https?|wss?):$/.test(protocol) && hostname !== 'localhost' && hostname !== '127.0.0.1'
  await context.route(isOutside, (route) => {
    outside.push(route.request().url())
    return route.abort()
  })
}

test.beforeEach(({ context }) => enclose(context))
test.afterEach(() => {
  expect(outside.splice(0), 'nothing is asked for outside this machine').toEqual([])
})

async function enter(page: Page, who: Credentials, doing: 'Sign in' | 'Sign up') {
  await page.goto('/')
  const way = { name: doing, exact: true }
  await page.getByRole('link', way).or(page.getByRole('button', way)).first().click()
  await page.getByLabel('Email').fill(who.email)
  await page.getByLabel('Password').fill(who.password)
  await page.getByRole('button', way).click()
  await expect(page.getByRole('heading', { name: 'Todos' })).toBeVisible()
  await expect(page.getByText(who.email)).toBeVisible()
}

async function add(page: Page, task: string) {
  await page.getByLabel('New todo').fill(task)
  await page.getByRole('button', { name: 'Add' }).click()
  await expect(itemOf(page, task)).toBeVisible()
}

const items = (page: Page) => page.getByRole('list', { name: 'Todos' }).getByRole('listitem')
const itemOf = (page: Page, task: string) => items(page).filter({ hasText: task })
const boxOf = (page: Page, task: string) => page.getByRole('checkbox', { name: task })

async function signOut(page: Page) {
  const way = { name: 'Sign out' }
  await page.getByRole('link', way).or(page.getByRole('button', way)).click()
  await expect(page.getByText('Sign in').first()).toBeVisible()
  await page.goto('/')
  await expect(page.getByText('Sign in').first()).toBeVisible()
  await expect(items(page)).toHaveCount(0)
}

const firstTokenEnded = (signedIn: number) =>
  expect.poll(() => Date.now() - signedIn, { timeout: tokenMs * 2 }).toBeGreaterThan(tokenMs)

test(`${title}: two users keep todos apart, past the end of their first token`, async ({
  page,
  browser,
}) => {
  await enter(page, alice, 'Sign in')
  const signedIn = Date.now()
  await add(page, 'Buy oat milk')
  await add(page, 'Call the plumber')
  await page.reload()
  await expect(itemOf(page, 'Buy oat milk')).toBeVisible()
  await boxOf(page, 'Buy oat milk').click()
  await expect(boxOf(page, 'Buy oat milk')).toBeChecked()
  await page.reload()
  await expect(boxOf(page, 'Buy oat milk')).toBeChecked()
  await expect(boxOf(page, 'Call the plumber')).not.toBeChecked()

  const context = await browser.newContext()
  await enclose(context)
  const his = await context.newPage()
  await enter(his, bob, 'Sign in')
  const hisSignIn = Date.now()
  await expect(items(his)).toHaveCount(0)
  await add(his, 'Fix the bike')
  await page.reload()
  await expect(items(page)).toHaveCount(2)

  // The proxy takes no token past its end, so from here on each click needs a renewed one.
  await firstTokenEnded(signedIn)
  await add(page, 'Water the plants')
  await page.getByRole('button', { name: 'Delete Call the plumber' }).click()
  await expect(items(page)).toHaveCount(2)
  await page.reload()
  await expect(items(page)).toHaveCount(2)

  await signOut(page)
  // Not in its last moment: without a tolerance, a token may end on its way to the proxy.
  await firstTokenEnded(hisSignIn)
  await his.reload()
  await expect(items(his)).toHaveCount(1)
  await context.close()
})

test(`${title}: a wrong password is told, and signs nobody in`, async ({ page }) => {
  await page.goto('/')
  const way = { name: 'Sign in', exact: true }
  await page.getByRole('link', way).or(page.getByRole('button', way)).first().click()
  await page.getByLabel('Email').fill(alice.email)
  await page.getByLabel('Password').fill('not hers')
  await page.getByRole('button', way).click()
  await expect(page.getByRole('alert').filter({ hasText: /./ })).toBeVisible()
  await page.goto('/')
  await expect(page.getByText('Sign in').first()).toBeVisible()
})

if (hasSignUp) {
  test(`${title}: a new user signs up, and begins with an empty list`, async ({ page }) => {
    const email = `carol-${Date.now()}@example.com`
    await enter(page, { email, password: 'correct horse 8' }, 'Sign up')
    await expect(items(page)).toHaveCount(0)
    await add(page, 'My first')
    await signOut(page)
  })
}
