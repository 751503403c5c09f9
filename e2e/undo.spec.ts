import { expect, SCREENS, test } from './fixtures'
import { TodoScreen } from './todo-screen'

for (const path of SCREENS) {
  test.describe(`on ${path}`, () => {
    test('a deleted todo comes back with its state and its place', async ({ alice }) => {
      const screen = await TodoScreen.open(alice.page, path)
      await screen.add('Alpha', 'Beta', 'Gamma')
      await screen.checkbox('Beta').click()
      await screen.saved()
      await screen.delete('Beta')
      await screen.expectTasks(['Alpha', 'Gamma'])
      await expect(
        alice.page.getByRole('status').filter({ hasText: 'Deleted “Beta”' }),
      ).toBeVisible()
      await screen.undo.click()
      await screen.expectTasks(['Alpha', 'Beta', 'Gamma'])
      await expect(screen.checkbox('Beta')).toBeChecked()
      await screen.reload()
      await screen.expectTasks(['Alpha', 'Beta', 'Gamma'])
      await expect(screen.checkbox('Beta')).toBeChecked()
    })

    test('clearing, marking all, an emptied edit and a completion out of sight can be undone, also by key', async ({
      alice,
    }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('Alpha', 'Beta', 'Gamma')
      await screen.checkbox('Alpha').click()
      await screen.saved()

      await page.getByRole('button', { name: 'Clear completed' }).click()
      await screen.expectTasks(['Beta', 'Gamma'])
      await page.keyboard.press('Control+z')
      await screen.expectTasks(['Alpha', 'Beta', 'Gamma'])

      await page.getByRole('checkbox', { name: 'Mark all as complete' }).click()
      await expect(page.getByText('0 items left')).toBeVisible()
      await page.keyboard.press('Meta+z')
      await expect(page.getByText('2 items left')).toBeVisible()
      await expect(screen.checkbox('Alpha')).toBeChecked()
      await expect(screen.checkbox('Beta')).not.toBeChecked()

      const field = await screen.startEditing('Beta')
      await field.fill('')
      await field.press('Enter')
      await screen.expectTasks(['Alpha', 'Gamma'])
      await screen.undo.click()
      await screen.expectTasks(['Alpha', 'Beta', 'Gamma'])

      await screen.filter('Active')
      await screen.checkbox('Gamma').click()
      await screen.expectTasks(['Beta'])
      await screen.undo.click()
      await screen.expectTasks(['Beta', 'Gamma'])
      await screen.filter('All')
      await screen.reload()
      await screen.expectTasks(['Alpha', 'Beta', 'Gamma'])
      await expect(page.getByText('2 items left')).toBeVisible()
    })

    test('several deletions are undone one after the other', async ({ alice }) => {
      const screen = await TodoScreen.open(alice.page, path)
      await screen.add('Alpha', 'Beta')
      await screen.delete('Alpha')
      await screen.delete('Beta')
      await screen.expectTasks([])
      await screen.undo.click()
      await screen.expectTasks(['Beta'])
      await screen.undo.click()
      await screen.expectTasks(['Alpha', 'Beta'])
      await expect(screen.undo).toBeHidden()
    })

    test('a deletion that was not sent yet is taken back without a request', async ({ alice }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('Alpha')
      await page.context().setOffline(true)
      await screen.delete('Alpha')
      await screen.undo.click()
      await screen.expectTasks(['Alpha'])
      await screen.saved()
      await page.context().setOffline(false)
      await screen.reload()
      await screen.expectTasks(['Alpha'])
    })

    test('the offer stays for six seconds, and as long as the pointer or the focus is on it', async ({
      alice,
    }) => {
      const { page } = alice
      await page.clock.install()
      const screen = await TodoScreen.open(page, path)
      await screen.add('Alpha')
      await screen.delete('Alpha')
      await expect(screen.undo).toBeVisible()
      await page.clock.fastForward(5_000)
      await expect(screen.undo).toBeVisible()
      await screen.undo.hover()
      await page.clock.fastForward(60_000)
      await expect(screen.undo).toBeVisible()
      await page.mouse.move(0, 0)
      await screen.undo.focus()
      await page.clock.fastForward(60_000)
      await expect(screen.undo).toBeVisible()
      await screen.newTodo.focus()
      await page.clock.fastForward(6_100)
      await expect(screen.undo).toBeHidden()
      await screen.reload()
      await screen.expectTasks([])
    })
  })
}
