/** The pictures of docs/screenshots (npm run screenshots): pages first, then the states they can be in. */
import type { Browser, BrowserContext, Page } from '@playwright/test'
import { DEMO_USERS } from '../db/demo-users'
import { expect, newUser, signIn, test } from './fixtures'
import { takePicture } from './picture'
import { openSettled } from './settled'
import { ORIGIN, stack } from './stack'
import { TodoScreen } from './todo-screen'

const SCREENS = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 800 },
}

async function openContext(
  browser: Browser,
  screen: keyof typeof SCREENS,
  colorScheme: 'light' | 'dark' = 'light',
): Promise<BrowserContext> {
  return browser.newContext({ baseURL: ORIGIN, viewport: SCREENS[screen], colorScheme })
}

const PAGES = [
  { name: 'landing', path: '/', user: null },
  { name: 'sign-in', path: '/sign-in', user: null },
  { name: 'todos', path: '/server', user: DEMO_USERS.alice.id },
  { name: 'account', path: '/account', user: DEMO_USERS.alice.id },
]

for (const screen of ['phone', 'desktop'] as const) {
  for (const theme of ['light', 'dark'] as const) {
    test(`pages, ${screen}, ${theme}`, async ({ browser }) => {
      for (const { name, path, user } of PAGES) {
        const context = await openContext(browser, screen, theme)
        if (user) await signIn(context, user)
        const page = await context.newPage()
        await openSettled(page, path)
        // Clerk's form comes after the page.
        if (path === '/sign-in') await expect(page.getByLabel('Email address')).toBeVisible()
        await takePicture(page, `${name}-${screen}-${theme}`)
        await context.close()
      }
    })
  }
}

/** Each state, as a new user meets it where SQL runs in the browser, and the words by which it is known. */
const STATES: Record<string, [words: RegExp, reach: (page: Page) => Promise<unknown>]> = {
  empty: [/nothing here yet/i, (page) => TodoScreen.open(page, '/browser')],
  loading: [
    /from the browser|this page sends/i,
    async (page) => {
      await page.route(stack().NEXT_PUBLIC_SQL_URL, () => new Promise(() => undefined))
      await page.goto('/browser')
      await expect(page.getByRole('status', { name: /loading/i })).toBeVisible()
    },
  ],
  offline: [
    /offline/i,
    async (page) => {
      const screen = await withTodo(page)
      await page.context().setOffline(true)
      await type(screen)
    },
  ],
  'signed-out': [
    /session has ended|sign in/i,
    async (page) => {
      const screen = await withTodo(page)
      const ended = { errors: [{ code: 'authentication_invalid', message: 'Signed out' }] }
      await page.route('**/tokens*', (route) => route.fulfill({ status: 401, json: ended }))
      await answerWith(page, 400, { message: 'JWT has expired' })
      await type(screen)
    },
  ],
  error: [
    /could not be loaded/i,
    async (page) => {
      await page.route(stack().NEXT_PUBLIC_SQL_URL, (route) => route.abort())
      await page.goto('/browser')
    },
  ],
  refused: [
    /refused/i,
    async (page) => {
      const screen = await withTodo(page)
      const message = 'permission denied for table todos'
      await answerWith(page, 400, { code: '42501', message })
      await type(screen)
    },
  ],
  'rate-limited': [
    /busy/i,
    async (page) => {
      const screen = await withTodo(page)
      await answerWith(page, 429, { message: 'too many requests' })
      await type(screen)
    },
  ],
}

async function withTodo(page: Page): Promise<TodoScreen> {
  const screen = await TodoScreen.open(page, '/browser')
  await screen.add('Water the tomatoes', 'Book the train to Lisbon')
  return screen
}

async function type(screen: TodoScreen): Promise<void> {
  await screen.newTodo.fill('Call Grandma about Sunday')
  await screen.newTodo.press('Enter')
}

async function answerWith(page: Page, status: number, json: object): Promise<void> {
  await page.route(stack().NEXT_PUBLIC_SQL_URL, (route) =>
    route.request().method() === 'POST' ? route.fulfill({ status, json }) : route.continue(),
  )
}

for (const [name, [words, reach]] of Object.entries(STATES)) {
  test(`the state ${name}`, async ({ browser }) => {
    const { userId } = await newUser('Alice')
    const context = await openContext(browser, 'phone')
    await signIn(context, userId)
    const page = await context.newPage()
    await reach(page)
    await expect(page.getByText(words).first()).toBeVisible()
    await takePicture(page, `state-${name}`)
    await context.close()
  })
}
