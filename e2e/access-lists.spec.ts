/** Views, shared lists, joining and moderating: for everyone's eyes and hands, with each dialog and menu open. */
import type { Page } from '@playwright/test'
import { findAxeViolations } from './axe'
import { expect, test, type Person } from './fixtures'
import { giveList } from './give-list'
import { ListScreen } from './list-screen'
import { overflow, setTheme, smallTargets } from './looks'
import { makeModerator } from './moderator'
import { chooseFor, openDetails } from './row-actions'
import { openSettled } from './settled'

const PHONE = { width: 360, height: 780 }
const LIST = 'Summer party'
const TODO = 'Lanterns for the garden'

const pagesOf = (listId: string) => [
  ...['today', 'upcoming', 'completed', `lists/${listId}`].flatMap((view) => [
    `/server/${view}`,
    `/browser/${view}`,
  ]),
  '/moderate',
]

async function openAll(
  page: Page,
  paths: readonly string[],
  look: (path: string) => Promise<void>,
) {
  for (const path of paths) {
    await openSettled(page, path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await look(path)
  }
}

/** What opens on the page of a list: how, and what is seen then. */
const LAYERS: readonly (readonly [
  what: string,
  open: (screen: ListScreen) => Promise<unknown>,
  role: 'dialog' | 'menu' | 'group' | 'toolbar' | 'search' | 'grid' | 'form',
])[] = [
  ['the dialog that shares it', (screen) => screen.openSharing(), 'dialog'],
  ['the dialog that renames it', (screen) => screen.choose(LIST, /Rename/), 'dialog'],
  ['the dialog that deletes it', (screen) => screen.choose(LIST, /Delete/), 'dialog'],
  ['its menu', ({ page }) => button(page, `Actions for ${LIST}`).click(), 'menu'],
  ['the menu of its todos', ({ page }) => button(page, 'More for this list').click(), 'menu'],
  ['the menu of a todo', ({ page }) => button(page, `Actions for ${TODO}`).click(), 'menu'],
  [
    'the dialog that moves a todo',
    ({ todos }) => chooseFor(todos, TODO, 'Move to a list…'),
    'dialog',
  ],
  ['the dialog that reports a todo', ({ todos }) => chooseFor(todos, TODO, 'Report…'), 'dialog'],
  ['the import', ({ page }) => inMenu(page, 'Import…'), 'dialog'],
  ['the export', ({ page }) => inMenu(page, 'Export…'), 'dialog'],
  ['the help', ({ page }) => inMenu(page, 'Keyboard shortcuts'), 'dialog'],
  ['the palette', ({ page }) => page.keyboard.press('ControlOrMeta+k'), 'dialog'],
]

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

async function inMenu(page: Page, entry: string): Promise<void> {
  await button(page, 'More for this list').click()
  await page.getByRole('menuitem', { name: entry }).click()
}

async function openList({ page, userId }: Person, other: Person): Promise<ListScreen> {
  const { listId } = await giveList(userId, other.userId, LIST)
  const screen = new ListScreen(page)
  await openSettled(page, `/browser/lists/${listId}`)
  await screen.isOpen(LIST)
  await screen.todos.isLive()
  return screen
}

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing on views, lists, invitations and reports, ${theme}`, async ({
    alice,
    bob,
    browser,
  }) => {
    const { listId, secret } = await giveList(alice.userId, bob.userId, LIST)
    await makeModerator(alice)
    await setTheme(alice.page.context(), theme)
    await openAll(alice.page, pagesOf(listId), async (path) => {
      expect(await findAxeViolations(alice.page), path).toEqual([])
    })

    await setTheme(bob.page.context(), theme)
    const invitation = `/join/${listId}#${secret}`
    await bob.page.goto(invitation)
    await expect(button(bob.page, 'Join the list')).toBeVisible()
    expect(await findAxeViolations(bob.page)).toEqual([])
    const context = await browser.newContext()
    await setTheme(context, theme)
    const visitor = await context.newPage()
    await visitor.goto(invitation)
    await expect(visitor.getByRole('link', { name: 'Sign in' })).toBeVisible()
    expect(await findAxeViolations(visitor)).toEqual([])
    await context.close()
  })

  test(`axe finds nothing in the dialogs and menus of a list, from which Escape leads back, ${theme}`, async ({
    alice,
    bob,
  }) => {
    test.slow()
    const { page } = alice
    await setTheme(page.context(), theme)
    const screen = await openList(alice, bob)
    for (const [what, open, role] of LAYERS) {
      await open(screen)
      const layer = page.getByRole(role).first()
      await expect(layer, what).toBeVisible()
      expect.soft(await findAxeViolations(page), what).toEqual([])
      await page.keyboard.press('Escape')
      await expect(layer, what).toBeHidden()
      // The focus is back in the page, and not at its beginning. The palette was opened without one.
      const isKept = () => page.evaluate(() => document.activeElement !== document.body)
      if (what !== 'the palette') await expect.poll(isKept, what).toBe(true)
    }

    const details = await openDetails(screen.todos, TODO)
    await button(page, 'Pick a day').click()
    await expect(details.getByRole('grid')).toBeVisible()
    await chooseFor(screen.todos, 'Ask the neighbours', 'Select')
    await expect(page.getByRole('toolbar', { name: 'Selected todos' })).toBeVisible()
    expect(await findAxeViolations(page), 'details and a selection').toEqual([])
    await button(page, 'Release the selection').click()
    await button(page, 'Search').click()
    await page.getByRole('searchbox').fill('neighbours')
    await expect(page.getByRole('list', { name: 'Todos' }).getByRole('listitem')).toHaveCount(1)
    expect(await findAxeViolations(page), 'a search').toEqual([])
  })
}

test('views, lists and their dialogs fit a narrow phone, in text of twice the size too, and fingers', async ({
  alice,
  bob,
}) => {
  const { page } = alice
  await page.setViewportSize(PHONE)
  await makeModerator(alice)
  const { listId } = await giveList(alice.userId, bob.userId, LIST)
  await openAll(page, pagesOf(listId), async (path) => {
    expect(await smallTargets(page), path).toEqual([])
    await page.addStyleTag({ content: 'html { font-size: 200% }' })
    expect(await overflow(page), path).toBe(0)
  })
  const screen = await openList(alice, bob)
  await screen.openSharing()
  expect(await smallTargets(page, 'dialog')).toEqual([])
  await page.addStyleTag({ content: 'html { font-size: 200% }' })
  const sideways = await screen.dialog.evaluate((it) => it.scrollWidth - it.clientWidth)
  expect(sideways).toBe(0)
})

test('the keyboard alone makes a list, shares it, and decides about a report', async ({
  alice,
  bob,
}) => {
  const { page } = alice
  await giveList(alice.userId, bob.userId, LIST)
  await makeModerator(alice)
  const open = async (name: string) => {
    await expect(button(page, name)).toBeEnabled()
    await button(page, name).focus()
    await page.keyboard.press('Enter')
  }
  await openSettled(page, '/server')
  await open('New list')
  await expect(page.getByRole('textbox', { name: 'Name of the new list' })).toBeFocused()
  await page.keyboard.type('By hand')
  await page.keyboard.press('Enter')
  const screen = new ListScreen(page)
  await screen.isOpen('By hand')
  await expect(page).toHaveTitle('By hand · Todos')

  await open('Share')
  await expect(screen.dialog).toBeVisible()
  await open('Create link: Can view')
  await expect(screen.dialog.getByRole('textbox', { name: 'Link: Can view' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(button(page, 'Share')).toBeFocused()

  await openSettled(page, '/moderate')
  const card = page.getByRole('listitem').filter({ hasText: 'Ask the neighbours' }).first()
  await card.getByRole('button', { name: /Delete/ }).focus()
  await page.keyboard.press('Enter')
  // Cancel has the focus: Enter again deletes nothing.
  await expect(card.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(card.getByText('Ask the neighbours')).toBeVisible()
})
