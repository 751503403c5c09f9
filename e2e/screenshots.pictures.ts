/** The pictures of docs/screenshots (npm run screenshots): pages first, then the states they can be in. */
import type { Browser, BrowserContext, Page } from '@playwright/test'
import { DEMO_USERS } from '../db/demo-users'
import { SHARED_LIST } from '../db/seed'
import { expect, newUser, signIn, test } from './fixtures'
import { giveList } from './give-list'
import { ListScreen } from './list-screen'
import { takePicture } from './picture'
import { chooseFor, openDetails } from './row-actions'
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

const ALICE = DEMO_USERS.alice.id
const LIST = `/server/lists/${SHARED_LIST.id}`

const PAGES = [
  { name: 'landing', path: '/', user: null },
  { name: 'sign-in', path: '/sign-in', user: null },
  { name: 'todos', path: '/server', user: ALICE },
  { name: 'today', path: '/server/today', user: ALICE },
  { name: 'upcoming', path: '/server/upcoming', user: ALICE },
  { name: 'completed', path: '/server/completed', user: ALICE },
  { name: 'list', path: LIST, user: ALICE },
  { name: 'account', path: '/account', user: ALICE },
]

/** What opens on the page of a list, and as what. */
const LAYERS: Record<string, [role: Layer, open: (list: ListScreen) => Promise<unknown>]> = {
  share: ['dialog', (list) => list.openSharing()],
  rename: ['dialog', (list) => list.choose(SHARED_LIST.name, /Rename/)],
  delete: ['dialog', (list) => list.choose(SHARED_LIST.name, /Delete/)],
  move: ['dialog', ({ todos }) => chooseFor(todos, TODO, 'Move to a list…')],
  report: ['dialog', ({ todos }) => chooseFor(todos, TODO, 'Report…')],
  menu: ['menu', ({ page }) => page.getByRole('button', { name: `Actions for ${TODO}` }).click()],
  details: ['group', ({ todos }) => openDetails(todos, TODO)],
  selection: ['toolbar', ({ todos }) => chooseFor(todos, TODO, 'Select')],
  palette: ['dialog', ({ page }) => page.keyboard.press('ControlOrMeta+k')],
  import: [
    'dialog',
    async ({ page }) => {
      await page.getByRole('button', { name: 'More for this list' }).click()
      await page.getByRole('menuitem', { name: 'Import…' }).click()
    },
  ],
}
type Layer = 'dialog' | 'menu' | 'group' | 'toolbar'
const TODO = 'Make a playlist'

const THEMES = ['light', 'dark'] as const

for (const screen of ['phone', 'desktop'] as const) {
  for (const theme of THEMES) {
    test(`pages, ${screen}, ${theme}`, async ({ browser }) => {
      for (const { name, path, user } of PAGES) {
        const context = await openContext(browser, screen, theme)
        if (user) await signIn(context, user)
        const page = await context.newPage()
        await openSettled(page, path)
        // Clerk's form comes after the page.
        if (path === '/sign-in') await expect(page.getByLabel('Email address')).toBeVisible()
        // So do the lists at the side, which a phone keeps in its drawer.
        const list = page.getByRole('link', { name: SHARED_LIST.name, includeHidden: true })
        if (user) await expect(list.first()).toBeAttached()
        await takeSettled(page, `${name}-${screen}-${theme}`)
        await context.close()
      }
    })

    test(`what opens on the page of a list, ${screen}, ${theme}`, async ({ browser }) => {
      test.slow()
      const context = await openContext(browser, screen, theme)
      await signIn(context, ALICE)
      const list = new ListScreen(await context.newPage())
      for (const [name, [role, open]] of Object.entries(LAYERS)) {
        await openSettled(list.page, LIST)
        await list.todos.isLive()
        await expect(list.todos.item(TODO)).toContainText('Bob')
        await open(list)
        await expect(list.page.getByRole(role).first()).toBeVisible()
        await takeSettled(list.page, `list-${name}-${screen}-${theme}`)
      }
      await context.close()
    })
  }
}

test('an invitation and what was reported', async ({ browser }) => {
  const [alice, bob, carol] = [await newUser('Alice'), await newUser('Bob'), await newUser('Carol')]
  const { listId, secret } = await giveList(alice.userId, bob.userId, 'Summer party')
  for (const screen of ['phone', 'desktop'] as const) {
    for (const theme of THEMES) {
      const visits = [
        { name: 'join', path: `/join/${listId}#${secret}`, user: carol.userId },
        { name: 'moderate', path: '/moderate', user: DEMO_USERS.moderator.id },
      ]
      for (const { name, path, user } of visits) {
        const context = await openContext(browser, screen, theme)
        await signIn(context, user)
        const page = await context.newPage()
        await page.goto(path)
        await expect(page.getByRole('button', { name: /^(Join the list|Hide)$/ })).toBeVisible()
        await takeSettled(page, `${name}-${screen}-${theme}`)
        await context.close()
      }
    }
  }
})

/** When nothing is a placeholder any more, and what has come is painted. */
async function takeSettled(page: Page, name: string): Promise<void> {
  await expect(page.locator('[data-slot=skeleton]').filter({ visible: true })).toHaveCount(0)
  await page.evaluate(async () => {
    await document.fonts.ready
    for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame)
  })
  await takePicture(page, name)
}

/** Each state, as a new user meets it where SQL runs in the browser, and the words by which it is known. */
const STATES: Record<string, [words: RegExp, reach: (page: Page) => Promise<unknown>]> = {
  empty: [/nothing here yet/i, (page) => TodoScreen.open(page, '/browser')],
  loading: [
    /my todos/i,
    async (page) => {
      await page.route(stack().NEXT_PUBLIC_SQL_URL, () => undefined)
      await page.goto('/browser')
      await expect(page.getByRole('status', { name: 'Loading your todos' })).toBeVisible()
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
    await expect(page.getByText(words).filter({ visible: true }).first()).toBeVisible()
    await takePicture(page, `state-${name}`)
    await context.close()
  })
}
