import { expect, newUser, SCREENS, signIn, test } from './fixtures'
import { ORIGIN } from './stack'
import { TodoScreen } from './todo-screen'

for (const path of SCREENS) {
  test.describe(`on ${path}`, () => {
    test('an added todo is still there after a reload, oldest first', async ({ alice }) => {
      const screen = await TodoScreen.open(alice.page, path)
      await screen.add('Buy milk', 'Call Bob', '  Trim me  '.trim())
      await screen.expectTasks(['Buy milk', 'Call Bob', 'Trim me'])
      await screen.reload()
      await screen.expectTasks(['Buy milk', 'Call Bob', 'Trim me'])
    })

    test('spaces around a task are dropped, and a task of spaces only is not added', async ({
      alice,
    }) => {
      const screen = await TodoScreen.open(alice.page, path)
      await screen.newTodo.fill('   ')
      await screen.newTodo.press('Enter')
      await screen.newTodo.fill('   Buy milk  ')
      await screen.newTodo.press('Enter')
      await screen.expectTasks(['Buy milk'])
    })

    test('a task is completed and reopened, and stays so after a reload', async ({ alice }) => {
      const screen = await TodoScreen.open(alice.page, path)
      await screen.add('Buy milk')
      await screen.checkbox('Buy milk').click()
      await expect(screen.checkbox('Buy milk')).toBeChecked()
      await expect(alice.page.getByText('0 items left')).toBeVisible()
      await screen.reload()
      await expect(screen.checkbox('Buy milk')).toBeChecked()
      await screen.checkbox('Buy milk').click()
      await expect(alice.page.getByText('1 item left')).toBeVisible()
      await screen.reload()
      await expect(screen.checkbox('Buy milk')).not.toBeChecked()
    })

    test('a task is renamed with Enter, with a double click and blur, and kept by Escape', async ({
      alice,
    }) => {
      const screen = await TodoScreen.open(alice.page, path)
      await screen.add('Buy milk')
      const byButton = await screen.startEditing('Buy milk')
      await byButton.fill('Buy bread')
      await byButton.press('Enter')
      await screen.expectTasks(['Buy bread'])

      await screen.item('Buy bread').getByText('Buy bread').dblclick()
      const byDoubleClick = alice.page.getByRole('textbox', { name: 'Edit todo' })
      await byDoubleClick.fill('Buy cheese')
      await byDoubleClick.blur()
      await screen.expectTasks(['Buy cheese'])

      const cancelled = await screen.startEditing('Buy cheese')
      await cancelled.fill('Something else')
      await cancelled.press('Escape')
      await screen.expectTasks(['Buy cheese'])
      await screen.reload()
      await screen.expectTasks(['Buy cheese'])
    })

    test('a task renamed to nothing is deleted', async ({ alice }) => {
      const screen = await TodoScreen.open(alice.page, path)
      await screen.add('Buy milk', 'Call Bob')
      const field = await screen.startEditing('Buy milk')
      await field.fill('')
      await field.press('Enter')
      await screen.expectTasks(['Call Bob'])
      await screen.reload()
      await screen.expectTasks(['Call Bob'])
    })

    test('a deleted task stays deleted', async ({ alice }) => {
      const screen = await TodoScreen.open(alice.page, path)
      await screen.add('Buy milk', 'Call Bob')
      await screen.delete('Buy milk')
      await screen.expectTasks(['Call Bob'])
      await screen.reload()
      await screen.expectTasks(['Call Bob'])
    })

    test('filters show the right todos, and are part of the URL', async ({ alice }) => {
      const screen = await TodoScreen.open(alice.page, path)
      await screen.add('Buy milk', 'Call Bob')
      await screen.checkbox('Buy milk').click()
      await expect(alice.page.getByText('1 item left')).toBeVisible()
      await screen.filter('Active')
      await screen.expectTasks(['Call Bob'])
      await expect(alice.page).toHaveURL(/\?filter=active$/)
      await screen.filter('Completed')
      await screen.expectTasks(['Buy milk'])
      await alice.page.goBack()
      await screen.expectTasks(['Call Bob'])
      await screen.filter('All')
      await screen.expectTasks(['Buy milk', 'Call Bob'])
      await screen.filter('Completed')
      await screen.reload()
      await screen.expectTasks(['Buy milk'])
    })

    test('all todos can be completed at once, and completed ones cleared', async ({ alice }) => {
      const screen = await TodoScreen.open(alice.page, path)
      const clear = alice.page.getByRole('button', { name: 'Clear completed' })
      await screen.add('Buy milk', 'Call Bob')
      await expect(clear).toBeHidden()
      await expect(alice.page.getByText('2 items left')).toBeVisible()
      const all = alice.page.getByRole('checkbox', { name: 'Mark all as complete' })
      await all.click()
      await expect(alice.page.getByText('0 items left')).toBeVisible()
      await expect(all).toBeChecked()
      await all.click()
      await expect(alice.page.getByText('2 items left')).toBeVisible()
      await screen.checkbox('Call Bob').click()
      await clear.click()
      await screen.expectTasks(['Buy milk'])
      await expect(clear).toBeHidden()
      await screen.reload()
      await screen.expectTasks(['Buy milk'])
    })

    test('everything works with the keyboard alone', async ({ alice }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.newTodo.focus()
      await page.keyboard.type('Buy milk')
      await page.keyboard.press('Enter')
      await expect(screen.item('Buy milk')).toBeVisible()
      await tabTo(screen, 'checkbox', 'Buy milk')
      await page.keyboard.press('Space')
      await expect(screen.checkbox('Buy milk')).toBeChecked()
      await tabTo(screen, 'button', 'Edit Buy milk')
      await page.keyboard.press('Enter')
      await page.keyboard.press('End')
      await page.keyboard.type(' and bread')
      await page.keyboard.press('Enter')
      await screen.expectTasks(['Buy milk and bread'])
      await tabTo(screen, 'button', 'Delete Buy milk and bread')
      await page.keyboard.press('Enter')
      await screen.expectTasks([])
    })
  })
}

/** Presses Tab until the element has the focus, as a person without a mouse would. */
async function tabTo(screen: TodoScreen, role: 'checkbox' | 'button', name: string): Promise<void> {
  const target = screen.page.getByRole(role, { name, exact: true })
  const hasFocus = () => target.evaluate((element) => element === document.activeElement)
  for (let presses = 0; presses < 40 && !(await hasFocus()); presses++) {
    await screen.page.keyboard.press('Tab')
  }
  await expect(target).toBeFocused()
}

test('on a phone, the text has the row but for its checkbox and one menu, which edits and deletes', async ({
  browser,
}) => {
  const { userId } = await newUser('Alice')
  const context = await browser.newContext({
    baseURL: ORIGIN,
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  })
  await signIn(context, userId)
  const page = await context.newPage()
  const screen = await TodoScreen.open(page, '/server')
  await screen.add('Buy milk', 'Call Bob')
  await expect(screen.item('Buy milk').getByRole('button')).toHaveCount(1)
  const row = await screen.item('Buy milk').boundingBox()
  const text = await screen.item('Buy milk').getByText('Buy milk').boundingBox()
  expect((text?.width ?? 0) / (row?.width ?? 1)).toBeGreaterThan(0.6)

  await screen.item('Buy milk').getByText('Buy milk').tap()
  const field = page.getByRole('textbox', { name: 'Edit todo' })
  await field.fill('Buy bread')
  await field.press('Enter')
  await page.getByRole('button', { name: 'Actions for Call Bob' }).tap()
  await page.getByRole('menuitem', { name: 'Delete' }).tap()
  await screen.expectTasks(['Buy bread'])
  await context.close()
})
