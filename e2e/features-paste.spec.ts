import type { Locator } from '@playwright/test'
import { expect, SCREENS, test } from './fixtures'
import { TodoScreen } from './todo-screen'

/** As the browser does it, which asks for a permission that tests do not have. */
const paste = (field: Locator, text: string) =>
  field.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', pasted)
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
    element.dispatchEvent(event)
    return event.defaultPrevented
  }, text)

for (const path of SCREENS) {
  test.describe(`on ${path}`, () => {
    test('several pasted lines become todos, once asked, and can be undone', async ({ alice }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('first')
      await paste(screen.newTodo, '- Milk\r\n- [x] Bread\n\n3. Eggs\n')
      await screen.expectTasks(['first'])
      await page.getByRole('button', { name: 'Add 3 todos' }).click()
      await screen.expectTasks(['first', 'Milk', 'Bread', 'Eggs'])
      await expect(screen.checkbox('Bread')).toBeChecked()
      await expect(screen.newTodo).toBeFocused()
      await screen.add('last')
      await screen.reload()
      await screen.expectTasks(['first', 'Milk', 'Bread', 'Eggs', 'last'])
      await paste(screen.newTodo, 'a\nb')
      await page.getByRole('button', { name: 'Add 2 todos' }).click()
      await screen.saved()
      await screen.undo.click()
      await screen.expectTasks(['first', 'Milk', 'Bread', 'Eggs', 'last'])
    })

    test('they can be one todo, added to what is in the field, or nothing', async ({ alice }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.newTodo.fill('Buy: ')
      await paste(screen.newTodo, 'milk\nbread')
      await page.getByRole('button', { name: 'Cancel' }).click()
      await expect(screen.newTodo).toHaveValue('Buy: ')
      await paste(screen.newTodo, 'milk\nbread')
      await page.getByRole('button', { name: 'As one' }).click()
      await expect(screen.newTodo).toHaveValue('Buy: milk bread')
      await screen.newTodo.press('Enter')
      await screen.expectTasks(['Buy: milk bread'])
    })
  })
}

test('one line is pasted as always, and a line that is too long is named', async ({ alice }) => {
  const { page } = alice
  const screen = await TodoScreen.open(page, '/browser')
  expect(await paste(screen.newTodo, 'just this\n')).toBe(false)
  await paste(screen.newTodo, `ok\n${'x'.repeat(501)}`)
  await expect(page.getByText(/^Line 2 is too long/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Add 2 todos' })).toBeDisabled()
})
