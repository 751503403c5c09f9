import type { Page } from '@playwright/test'
import { findAxeViolations } from './axe'
import { expect, newUser, signIn, test } from './fixtures'
import { overflow, setTheme, smallTargets } from './looks'
import { openSettled } from './settled'
import { TodoScreen } from './todo-screen'

const PHONE = { width: 360, height: 780 }
const DESKTOP = { width: 1280, height: 800 }
const PUBLIC = ['/', '/sign-in', '/sign-up', '/nowhere']
const OF_USERS = ['/server', '/browser', '/account']

/** What can be opened on a page: by whom it is opened, and on how wide a screen. */
const OPENED: [string, (page: Page) => Promise<void>][] = [
  ['the account menu', (page) => page.getByRole('button', { name: 'Account menu' }).click()],
  [
    'the drawer',
    async (page) => {
      await page.setViewportSize(PHONE)
      await page.getByRole('button', { name: 'Views and lists' }).click()
    },
  ],
  [
    'the SQL drawer',
    async (page) => {
      const screen = new TodoScreen(page)
      await screen.add('Shown in the drawer')
      await page.getByRole('button', { name: 'SQL of the last action' }).click()
      await expect(page.getByText(/insert into "todos"/)).toBeVisible()
    },
  ],
  [
    'the question before an account is deleted',
    async (page) => {
      await page.goto('/account')
      await page.getByRole('button', { name: 'Delete my account' }).click()
    },
  ],
]

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing on public pages, ${theme}`, async ({ browser }) => {
    const context = await browser.newContext({ viewport: DESKTOP })
    await setTheme(context, theme)
    const page = await context.newPage()
    for (const path of PUBLIC) {
      await openSettled(page, path)
      expect(await findAxeViolations(page), path).toEqual([])
    }
    await context.close()
  })

  test(`axe finds nothing on the pages of users, ${theme}`, async ({ alice }) => {
    const { page } = alice
    await setTheme(page.context(), theme)
    const screen = await TodoScreen.open(page, '/server')
    await screen.add('Water the tomatoes', 'Book the train to Lisbon')
    await screen.checkbox('Water the tomatoes').click()
    await screen.saved()
    for (const path of OF_USERS) {
      await openSettled(page, path)
      expect(await findAxeViolations(page), path).toEqual([])
    }
  })

  for (const [what, open] of OPENED) {
    test(`axe finds nothing with ${what} open, ${theme}`, async ({ alice }) => {
      const { page } = alice
      await setTheme(page.context(), theme)
      await TodoScreen.open(page, '/server')
      await open(page)
      expect(await findAxeViolations(page)).toEqual([])
    })
  }
}

test('text of twice the size fits a narrow phone, and a page zoomed to 300 % a screen', async ({
  browser,
}) => {
  const { userId } = await newUser('Alice')
  for (const { viewport, fontSize } of [
    { viewport: PHONE, fontSize: '200%' },
    { viewport: { width: Math.floor(DESKTOP.width / 3), height: 266 }, fontSize: '100%' },
  ]) {
    const context = await browser.newContext({ viewport })
    const page = await context.newPage()
    const visit = async (path: string) => {
      await openSettled(page, path)
      await page.addStyleTag({ content: `html { font-size: ${fontSize} }` })
      expect(await overflow(page), `${path} at ${viewport.width} px, ${fontSize}`).toBe(0)
    }
    for (const path of PUBLIC) await visit(path)
    await signIn(context, userId)
    for (const path of ['/', ...OF_USERS]) await visit(path)
    await context.close()
  }
})

test('everything that a finger aims at is 44 pixels wide and high', async ({ browser }) => {
  const { userId } = await newUser('Alice')
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true })
  const page = await context.newPage()
  await openSettled(page, '/')
  expect(await smallTargets(page)).toEqual([])
  await signIn(context, userId)
  const screen = await TodoScreen.open(page, '/server')
  await screen.add('Water the tomatoes')
  for (const path of OF_USERS) {
    await openSettled(page, path)
    expect(await smallTargets(page), path).toEqual([])
  }
  await context.close()
})

test('the keyboard alone reaches the content, the views, the theme and the way out', async ({
  alice,
}) => {
  const { page } = alice
  await TodoScreen.open(page, '/server')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  const isInContent = await page.evaluate(() =>
    document.querySelector('main')?.contains(document.activeElement),
  )
  expect(isInContent).toBe(true)

  const menu = page.getByRole('button', { name: 'Account menu' })
  await menu.focus()
  await page.keyboard.press('Enter')
  const dark = page.getByRole('button', { name: 'Dark' })
  await expect(dark).toBeVisible()
  for (let i = 0; i < 5 && !(await dark.evaluate((it) => it === document.activeElement)); i++) {
    await page.keyboard.press('Tab')
  }
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.keyboard.press('Escape')
  await expect(dark).toBeHidden()
  await expect(menu).toBeFocused()
})

test('in the drawer of a phone, Escape and a link both lead back to the page', async ({
  alice,
}) => {
  const { page } = alice
  await page.setViewportSize(PHONE)
  await TodoScreen.open(page, '/server')
  const opener = page.getByRole('button', { name: 'Views and lists' })
  const link = page.getByRole('link', { name: 'My todos' })
  await expect(link).toBeHidden()
  await opener.focus()
  await page.keyboard.press('Enter')
  await expect(link).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(link).toBeHidden()
  await expect(opener).toBeFocused()
  await opener.click()
  await link.click()
  await expect(link).toBeHidden()
})

test('nothing moves for those who asked for that, and colours may be the system’s own', async ({
  alice,
}) => {
  const { page } = alice
  await page.emulateMedia({ reducedMotion: 'reduce', forcedColors: 'active' })
  await TodoScreen.open(page, '/server')
  const moving = await page.evaluate(
    () =>
      [...document.querySelectorAll('*')].filter((element) => {
        const { transitionDuration, animationDuration } = getComputedStyle(element)
        return parseFloat(transitionDuration) > 0.001 || parseFloat(animationDuration) > 0.001
      }).length,
  )
  expect(moving).toBe(0)
  // Colour is gone, so the current view and place are marked by an outline.
  for (const name of ['My todos', 'Server']) {
    const current = page.getByRole('link', { name, exact: true })
    await expect(current).toHaveCSS('outline-style', 'solid')
  }
})
