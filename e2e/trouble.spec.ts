import { enterPassword, expect, SCREENS, signIn, test } from './fixtures'
import { clerkClient, ORIGIN } from './stack'
import { TodoScreen } from './todo-screen'

for (const path of SCREENS) {
  test.describe(`on ${path}`, () => {
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
      await screen.expectTasks(['Call Bob'])
      await screen.saved()
      await screen.reload()
      await screen.expectTasks(['Call Bob'])
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

    test('a todo that another device has deleted is reported as gone', async ({
      alice,
      browser,
    }) => {
      const { page } = alice
      // A live query would take the row away before it is clicked.
      await page.route('**', (route) =>
        route.request().headers().accept === 'text/event-stream' ? route.abort() : route.fallback(),
      )
      const screen = await TodoScreen.open(page, path)
      await screen.add('Buy milk', 'Call Bob')
      const phone = await browser.newContext({ baseURL: ORIGIN })
      await signIn(phone, alice.userId)
      const there = await TodoScreen.open(await phone.newPage(), path)
      await there.delete('Buy milk')
      await there.saved()
      await phone.close()
      await screen.checkbox('Buy milk').click()
      await expect(screen.failures).toContainText(/no longer|gone|deleted|not there any more/i)
      await screen.expectTasks(['Call Bob'])
      await screen.failures.getByRole('button', { name: 'Discard' }).click()
      await expect(screen.failures).toHaveCount(0)
    })
  })
}
