import { devices } from '@playwright/test'
import { expect, newUser, SCREENS, signIn, test } from './fixtures'
import { ListScreen } from './list-screen'
import { chooseFor, focusRow } from './row-actions'
import { ORIGIN } from './stack'
import { countRequests, TodoScreen } from './todo-screen'

for (const path of SCREENS) {
  test.describe(`on ${path}`, () => {
    test('a range is selected with Shift and completed in one statement, and undo brings it back', async ({
      alice,
    }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('one', 'two', 'three', 'four')
      await screen.items.getByText('two').click({ modifiers: ['ControlOrMeta'] })
      await screen.items.getByText('four').click({ modifiers: ['Shift'] })
      const bar = page.getByRole('toolbar', { name: 'Selected todos' })
      await expect(bar).toContainText('3 selected')
      const changes = countRequests(
        page,
        path === '/server' ? 'complete-many' : String.raw`set \"is_complete\"`,
      )
      await bar.getByRole('button', { name: 'Complete' }).click()
      await expect(page.getByText('1 item left')).toBeVisible()
      await screen.saved()
      expect(changes()).toBe(1)
      await screen.undo.click()
      await expect(page.getByText('4 items left')).toBeVisible()
      await screen.reload()
      await expect(page.getByText('4 items left')).toBeVisible()
    })

    test('x and Shift with the arrows select, Delete deletes, Ctrl+Z restores in place', async ({
      alice,
    }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('one', 'two', 'three', 'four')
      await focusRow(screen, 'two')
      await page.keyboard.press('x')
      await page.keyboard.press('Shift+ArrowDown')
      await expect(page.getByText('2 selected')).toBeVisible()
      await page.keyboard.press('Delete')
      await expect(screen.items).toHaveCount(2)
      await expect(page.getByText('Deleted 2 todos')).toBeVisible()
      await screen.saved()
      await page.keyboard.press('Control+z')
      await screen.expectTasks(['one', 'two', 'three', 'four'])
      await screen.reload()
      await screen.expectTasks(['one', 'two', 'three', 'four'])
    })

    test('several todos become due today at once', async ({ alice }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('one', 'two', 'three')
      await chooseFor(screen, 'one', 'Select')
      await page.getByRole('checkbox', { name: 'Select three' }).click()
      await page.getByRole('button', { name: 'Today', exact: true }).click()
      await expect(screen.item('one')).toContainText('Today')
      await expect(screen.item('three')).toContainText('Today')
      await expect(screen.item('two').locator('time')).toHaveCount(0)
      await screen.undo.click()
      await expect(screen.item('one').locator('time')).toHaveCount(0)
    })
  })
}

test('selected todos move to another list in one statement, and undo brings them back', async ({
  alice,
}) => {
  const { page } = alice
  const list = await ListScreen.create(page, '/browser', 'Garden')
  const address = list.address('/browser')
  const screen = await TodoScreen.open(page, '/browser')
  await screen.add('one', 'two', 'three')
  await chooseFor(screen, 'one', 'Select')
  await page.getByRole('checkbox', { name: 'Select three' }).click()
  const changes = countRequests(page, String.raw`set \"list_id\"`)
  await page.getByRole('button', { name: 'Move', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Garden' }).click()
  await screen.expectTasks(['two'])
  await screen.saved()
  expect(changes()).toBe(1)
  await screen.undo.click()
  await screen.expectTasks(['one', 'two', 'three'])
  await screen.saved()
  await chooseFor(screen, 'two', 'Select')
  await page.getByRole('button', { name: 'Move', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Garden' }).click()
  await screen.expectTasks(['one', 'three'])
  await screen.saved()
  await TodoScreen.open(page, address)
  await screen.expectTasks(['two'])
})

test('on a phone, a mode turns taps into a selection, and its button ends it', async ({
  browser,
}) => {
  const { userId } = await newUser('Alice')
  const { viewport, userAgent, isMobile, hasTouch } = devices['Pixel 7']
  const phone = { viewport, userAgent, isMobile, hasTouch }
  const context = await browser.newContext({ ...phone, baseURL: ORIGIN })
  await signIn(context, userId)
  const page = await context.newPage()
  const screen = await TodoScreen.open(page, '/browser')
  await screen.add('one', 'two')
  await page.getByRole('button', { name: 'More for this list' }).tap()
  await page.getByRole('menuitem', { name: 'Select todos' }).tap()
  await screen.items.getByText('one').tap()
  await screen.items.getByText('two').tap()
  await expect(page.getByText('2 selected')).toBeVisible()
  await screen.items.getByText('two').tap()
  const bar = page.getByRole('toolbar', { name: 'Selected todos' })
  await expect(bar).toContainText('1 selected')
  for (const button of await bar.getByRole('button').all()) {
    const box = await button.boundingBox()
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44)
  }
  await bar.getByRole('button', { name: 'Release the selection' }).tap()
  await expect(bar).toBeHidden()
  await screen.expectTasks(['one', 'two'])
  await context.close()
})
