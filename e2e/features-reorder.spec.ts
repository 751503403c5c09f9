import { expect, SCREENS, test } from './fixtures'
import { chooseFor, focusRow } from './row-actions'
import { countRequests, TodoScreen } from './todo-screen'

for (const path of SCREENS) {
  test.describe(`on ${path}`, () => {
    test('a todo is dragged to another place, and stays there', async ({ alice }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('one', 'two', 'three')
      const row = screen.item('one')
      await row.hover()
      const grip = await row.locator('.row-grip').boundingBox()
      const target = await screen.item('three').boundingBox()
      if (!grip || !target) throw new Error('There is nothing to drag.')
      expect(Math.min(grip.width, grip.height)).toBeGreaterThanOrEqual(44)
      const writes = countRequests(
        page,
        path === '/server' ? '"move"' : String.raw`set \"position\"`,
      )
      // dnd-kit is loaded when the pointer comes to the list.
      await page.waitForFunction(() => document.querySelector('[id^=DndLiveRegion]'))
      await page.mouse.move(grip.x + 20, grip.y + 20)
      await page.mouse.down()
      await page.mouse.move(grip.x + 20, grip.y + 40, { steps: 4 })
      await page.mouse.move(grip.x + 20, target.y + target.height - 4, { steps: 8 })
      await page.mouse.up()
      await screen.expectTasks(['two', 'three', 'one'])
      await screen.reload()
      await screen.expectTasks(['two', 'three', 'one'])
      expect(writes()).toBe(1)
    })

    test('Escape while dragging leaves everything as it was', async ({ alice }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('one', 'two')
      const row = screen.item('one')
      await row.hover()
      await page.waitForFunction(() => document.querySelector('[id^=DndLiveRegion]'))
      const grip = await row.locator('.row-grip').boundingBox()
      if (!grip) throw new Error('There is nothing to drag.')
      await page.mouse.move(grip.x + 20, grip.y + 20)
      await page.mouse.down()
      await page.mouse.move(grip.x + 20, grip.y + 90, { steps: 8 })
      await page.keyboard.press('Escape')
      await page.mouse.up()
      await screen.expectTasks(['one', 'two'])
    })

    test('a todo is moved with the keys and with the menu, keeps the focus, and can go back', async ({
      alice,
    }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('one', 'two', 'three')
      const row = await focusRow(screen, 'one')
      await page.keyboard.press('Alt+ArrowDown')
      await screen.expectTasks(['two', 'one', 'three'])
      await expect(row).toBeFocused()
      await expect(page.getByText('Moved “one”')).toBeVisible()
      await page.keyboard.press('Alt+End')
      await screen.expectTasks(['two', 'three', 'one'])
      await page.keyboard.press('Control+z')
      await screen.expectTasks(['two', 'one', 'three'])
      await chooseFor(screen, 'three', 'Move to the top')
      await screen.expectTasks(['three', 'two', 'one'])
      await chooseFor(screen, 'three', 'Move down')
      await screen.expectTasks(['two', 'three', 'one'])
      await screen.reload()
      await screen.expectTasks(['two', 'three', 'one'])
    })
  })
}
