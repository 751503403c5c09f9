import { expect, SCREENS, test } from './fixtures'
import { focusRow, openDetails } from './row-actions'
import { TodoScreen } from './todo-screen'

for (const path of SCREENS) {
  test.describe(`on ${path}`, () => {
    test('a list is worked through with the keys alone', async ({ alice }) => {
      const { page } = alice
      const { keyboard } = page
      const screen = await TodoScreen.open(page, path)
      await keyboard.press('n')
      await expect(screen.newTodo).toBeFocused()
      for (const task of ['one', 'two', 'three']) {
        await keyboard.type(task)
        await keyboard.press('Enter')
      }
      await screen.expectTasks(['one', 'two', 'three'])
      await screen.saved()
      await focusRow(screen, 'one')
      await keyboard.press('ArrowDown')
      await expect(screen.item('two')).toBeFocused()
      await keyboard.press('Space')
      await expect(screen.checkbox('two')).toBeChecked()
      await keyboard.press('End')
      await expect(screen.item('three')).toBeFocused()
      await keyboard.press('e')
      await expect(page.getByRole('textbox', { name: 'Edit todo' })).toBeFocused()
      // In a field, these are letters and nothing else.
      await keyboard.press('End')
      await keyboard.type(' nex/?')
      await keyboard.press('Enter')
      await screen.expectTasks(['one', 'two', 'three nex/?'])
      await focusRow(screen, 'one')
      await keyboard.press('Delete')
      await screen.expectTasks(['two', 'three nex/?'])
      await expect(screen.item('two')).toBeFocused()
      await keyboard.press('Enter')
      await expect(page.getByRole('group', { name: 'Details of two' })).toBeVisible()
      await screen.reload()
      await screen.expectTasks(['two', 'three nex/?'])
      await expect(screen.checkbox('two')).toBeChecked()
    })
  })
}

test('the list is one stop of the Tab key, at the row that had the focus', async ({ alice }) => {
  const { page } = alice
  const screen = await TodoScreen.open(page, '/browser')
  await screen.add('one', 'two', 'three')
  await focusRow(screen, 'two')
  await page.keyboard.press('Shift+Tab')
  await expect(screen.item('two')).not.toBeFocused()
  expect(
    await screen.items.evaluateAll((rows) =>
      rows.some((row) => row.contains(document.activeElement)),
    ),
  ).toBe(false)
  await page.keyboard.press('Tab')
  await expect(screen.item('two')).toBeFocused()
})

test('? opens the help, and it names every shortcut with its keys', async ({ alice }) => {
  const { page } = alice
  await TodoScreen.open(page, '/browser')
  await page.keyboard.press('?')
  const help = page.getByRole('dialog', { name: 'Keyboard' })
  for (const [does, keys] of [
    ['New todo', 'N'],
    ['Search', '/'],
    ['Move up', 'Alt ↑'],
    ['Command palette', 'Ctrl K'],
  ] as const) {
    const line = help.getByText(does, { exact: true }).locator('xpath=following-sibling::dd[1]')
    for (const key of keys.split(' ')) await expect(line).toContainText(key)
  }
  // Nothing behind a dialog hears a key.
  await page.keyboard.press('n')
  await expect(
    page.getByRole('textbox', { name: 'New todo', includeHidden: true }),
  ).not.toBeFocused()
  await page.keyboard.press('Escape')
  await expect(help).toBeHidden()
})

test('the palette opens from anywhere, finds by words, and goes to a view', async ({ alice }) => {
  const { page } = alice
  const screen = await TodoScreen.open(page, '/browser')
  await screen.newTodo.fill('half a th')
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog', { name: 'Command palette' })
  await expect(palette.getByRole('combobox')).toBeFocused()
  await page.keyboard.type('upc')
  await expect(palette.getByRole('option')).toHaveText(['Upcoming'])
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/browser\/upcoming$/)
  await expect(screen.newTodo).toHaveValue('half a th')
  await page.keyboard.press('Control+k')
  await expect(palette.getByRole('combobox')).toBeFocused()
  await page.keyboard.type('new')
  await page.keyboard.press('Enter')
  await expect(screen.newTodo).toBeFocused()
  await expect(screen.newTodo).toHaveValue('half a th')
})

test('keys that are pressed on the controls of opened details do not touch the todo', async ({
  alice,
}) => {
  const { page } = alice
  const screen = await TodoScreen.open(page, '/browser')
  await screen.add('one')
  const details = await openDetails(screen, 'one')
  await details.getByRole('button', { name: 'Pick a day' }).focus()
  for (const key of ['Delete', 'Backspace', 'e', 'x']) await page.keyboard.press(key)
  await screen.expectTasks(['one'])
  await expect(details).toBeVisible()
  await expect(page.getByRole('toolbar', { name: 'Selected todos' })).toBeHidden()
})

test('keys that an input method needs do nothing else', async ({ alice }) => {
  const { page } = alice
  const screen = await TodoScreen.open(page, '/browser')
  await screen.add('one')
  const row = await focusRow(screen, 'one')
  await row.dispatchEvent('keydown', { key: 'Delete', isComposing: true, bubbles: true })
  await row.dispatchEvent('keydown', { key: 'Process', bubbles: true })
  await screen.expectTasks(['one'])
})
