import { enterPassword, expect, SCREENS, test } from './fixtures'
import { clerkClient } from './stack'
import { TodoScreen } from './todo-screen'

for (const path of SCREENS) {
  test.describe(`on ${path}`, () => {
    test('a lost network is reported, and the typed text is kept and can be sent again', async ({
      alice,
    }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('Buy milk')
      await page.context().setOffline(true)
      await screen.newTodo.fill('Call Bob')
      await screen.newTodo.press('Enter')
      await expect(screen.alert).toContainText(/connection|network|offline/i)
      await expect(screen.newTodo).toHaveValue('Call Bob')
      await page.context().setOffline(false)
      await screen.newTodo.press('Enter')
      await screen.expectTasks(['Buy milk', 'Call Bob'])
      await expect(screen.alert).toBeHidden()
    })

    test('a rename that fails keeps the text that was typed', async ({ alice }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('Buy milk')
      const field = await screen.startEditing('Buy milk')
      await page.context().setOffline(true)
      await field.fill('Buy bread')
      await field.press('Enter')
      await expect(screen.alert).toBeVisible()
      await expect(field).toHaveValue('Buy bread')
      await page.context().setOffline(false)
      await field.press('Enter')
      await screen.expectTasks(['Buy bread'])
    })

    test('a checkbox that could not be changed shows its real state', async ({ alice }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('Buy milk')
      await page.context().setOffline(true)
      await screen.checkbox('Buy milk').click()
      await expect(screen.alert).toBeVisible()
      await expect(screen.checkbox('Buy milk')).not.toBeChecked()
    })

    test('a session that was ended elsewhere leads to sign-in and back, and loses no text', async ({
      alice,
    }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.newTodo.fill('Call Bob')
      await page.waitForFunction(() => window.Clerk?.session)
      const sessionId = await page.evaluate(() => window.Clerk?.session?.id ?? '')
      await clerkClient().sessions.revokeSession(sessionId)
      // A token lives on for up to a minute in the page and in its cookie: both have run out here.
      await page.context().clearCookies({ name: /^__session/ })
      await page.evaluate(() => window.Clerk?.session?.clearCache())
      await screen.newTodo.press('Enter')
      await expect(page).toHaveURL(/\/sign-in/)
      await enterPassword(page, alice.email)
      await expect(page).toHaveURL(new RegExp(`${path}$`))
      await expect(screen.newTodo).toHaveValue('Call Bob')
      await screen.expectTasks([])
    })

    test('a task of 501 characters is refused in words and kept; one of 500 is added', async ({
      alice,
    }) => {
      const screen = await TodoScreen.open(alice.page, path)
      await screen.newTodo.fill('x'.repeat(501))
      await screen.newTodo.press('Enter')
      await expect(screen.alert).toContainText('500')
      await expect(screen.newTodo).toHaveValue('x'.repeat(501))
      await screen.add('x'.repeat(500))
      await expect(screen.alert).toBeHidden()
    })

    test('a todo that another tab has deleted is reported as gone', async ({ alice }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('Buy milk', 'Call Bob')
      const tab = await TodoScreen.open(await page.context().newPage(), path)
      await tab.delete('Buy milk')
      await tab.expectTasks(['Call Bob'])
      await tab.saved()
      await screen.checkbox('Buy milk').click()
      await expect(screen.alert).toContainText(/no longer|gone|deleted/i)
      await screen.expectTasks(['Call Bob'])
    })
  })
}
