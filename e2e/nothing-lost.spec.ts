import { enterPassword, expect, SCREENS, test } from './fixtures'
import { clerkClient } from './stack'
import { breakNetwork, holdNetwork, TodoScreen } from './todo-screen'

for (const path of SCREENS) {
  test.describe(`on ${path}`, () => {
    test('three todos that were typed while the network fails stay, over a reload, until they are saved', async ({
      alice,
    }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      const mend = await breakNetwork(page)
      await screen.type('Alpha', 'Beta', 'Gamma')
      const three = async () => {
        await screen.expectTasks(['Alpha', 'Beta', 'Gamma'])
        for (const task of ['Alpha', 'Beta', 'Gamma']) {
          await expect(screen.failure(task)).toContainText('could not be reached')
          await expect(screen.failure(task).getByRole('button')).toHaveText([
            'Retry',
            'Edit',
            'Discard',
          ])
        }
      }
      await three()
      await page.reload()
      await three()
      await mend()
      await screen.failure('Beta').getByRole('button', { name: 'Retry' }).click()
      await expect(screen.failure('Beta')).toBeHidden()
      await expect(screen.failures).toHaveCount(2)
      await screen.failure('Gamma').getByRole('button', { name: 'Discard' }).click()
      // Its place is that of the time when it was saved.
      await screen.expectTasks(['Beta', 'Alpha'])
      await screen.item('Alpha').getByRole('button', { name: 'Edit', exact: true }).click()
      await page.getByRole('textbox', { name: 'Edit todo' }).fill('Alpha 2')
      await page.keyboard.press('Enter')
      await expect(screen.failures).toHaveCount(0)
      await screen.reload()
      await expect(screen.items).toHaveCount(2)
      await expect(screen.item('Alpha 2')).toBeVisible()
      await expect(screen.item('Beta')).toBeVisible()
    })

    test('a failure is taken away by its own success, not by another’s', async ({ alice }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('one', 'two')
      const mend = await breakNetwork(page)
      await screen.checkbox('one').click()
      await expect(screen.failure('one')).toContainText('not marked as complete')
      await mend()
      await screen.checkbox('two').click()
      await screen.saved()
      await expect(screen.checkbox('two')).toBeChecked()
      await expect(screen.failure('one')).toBeVisible()
      await expect(screen.checkbox('one')).not.toBeChecked()
      await screen.failure('one').getByRole('button', { name: 'Retry' }).click()
      await expect(screen.failure('one')).toBeHidden()
      await expect(screen.checkbox('one')).toBeChecked()
    })

    test('a rename that failed keeps the old text in the list and the new one to edit', async ({
      alice,
    }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('Buy milk')
      const mend = await breakNetwork(page)
      const field = await screen.startEditing('Buy milk')
      await field.fill('Buy bread')
      await field.press('Enter')
      await expect(screen.failure('Buy milk')).toContainText('“Buy bread”')
      await screen.expectTasks(['Buy milk'])
      await screen.failure('Buy milk').getByRole('button', { name: 'Edit' }).click()
      await expect(field).toHaveValue('Buy bread')
      await mend()
      await field.fill('Buy rye bread')
      await field.press('Enter')
      await screen.expectTasks(['Buy rye bread'])
      await expect(screen.failures).toHaveCount(0)
    })

    test('a new text for a todo that is gone can become a new todo', async ({ alice }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('Buy milk')
      const field = await screen.startEditing('Buy milk')
      await field.fill('Buy bread')
      const mend = await breakNetwork(page)
      await field.press('Enter')
      await expect(screen.failure('Buy milk')).toBeVisible()
      await mend()
      const tab = await TodoScreen.open(await page.context().newPage(), path)
      await tab.failure('Buy milk').getByRole('button', { name: 'Discard' }).isVisible()
      await tab.delete('Buy milk')
      await tab.saved()
      await screen.failure('Buy milk').getByRole('button', { name: 'Retry' }).click()
      await screen.failure('Buy milk').getByRole('button', { name: 'Add it as a new todo' }).click()
      await screen.expectTasks(['Buy bread'])
      await screen.saved()
      await expect(screen.failures).toHaveCount(0)
    })

    test('a change that a reload interrupts is no failure, and is sent again', async ({
      alice,
    }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('Buy milk')
      await holdNetwork(page)
      const sent = page.waitForRequest((request) => request.method() === 'POST')
      await screen.checkbox('Buy milk').click()
      await sent
      page.once('dialog', (dialog) => void dialog.accept())
      await page.reload()
      await page.unrouteAll()
      await expect(screen.checkbox('Buy milk')).toBeChecked()
      await screen.saved()
      await expect(screen.failures).toHaveCount(0)
      await screen.reload()
      await expect(screen.checkbox('Buy milk')).toBeChecked()
    })

    test('an open edit survives a reload', async ({ alice }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('Buy milk', 'Call Bob')
      const field = await screen.startEditing('Buy milk')
      await field.fill('Buy milk and br')
      await page.reload()
      await expect(field).toHaveValue('Buy milk and br')
      await field.pressSequentially('ead')
      await field.press('Enter')
      await screen.expectTasks(['Buy milk and bread', 'Call Bob'])
    })

    test('an open edit and an unsent change survive a session that was ended elsewhere', async ({
      alice,
    }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('Buy milk')
      const field = await screen.startEditing('Buy milk')
      await field.fill('Buy bread')
      await page.waitForFunction(() => window.Clerk?.session)
      const sessionId = await page.evaluate(() => window.Clerk?.session?.id ?? '')
      await clerkClient().sessions.revokeSession(sessionId)
      // A token lives on for up to a minute in the page and in its cookie: both have run out here.
      await page.context().clearCookies({ name: /^__session/ })
      await page.evaluate(() => window.Clerk?.session?.clearCache())
      await page.reload()
      await expect(page).toHaveURL(/\/sign-in/)
      await enterPassword(page, alice.email)
      await expect(page).toHaveURL(new RegExp(`${path}$`))
      await expect(field).toHaveValue('Buy bread')
      await field.press('Enter')
      await screen.expectTasks(['Buy bread'])
    })

    test('a change that was on its way when the tab closed is saved by the next one, once', async ({
      alice,
    }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('Buy milk')
      // The answer never comes.
      await page.route(
        () => true,
        (route, request) =>
          (request.postData() ?? '').includes('Call Bob') ? undefined : route.fallback(),
      )
      const sent = page.waitForRequest((request) => (request.postData() ?? '').includes('Call Bob'))
      await screen.type('Call Bob')
      await sent
      const context = page.context()
      await page.close()
      const next = await TodoScreen.open(await context.newPage(), path)
      await next.saved()
      await next.reload()
      await next.expectTasks(['Buy milk', 'Call Bob'])
    })

    test('what two tabs have typed without a connection is there once each', async ({ alice }) => {
      const { page } = alice
      const one = await TodoScreen.open(page, path)
      const two = await TodoScreen.open(await page.context().newPage(), path)
      await page.context().setOffline(true)
      await one.type('Alpha')
      await two.type('Beta')
      await page.context().setOffline(false)
      await one.saved()
      await two.saved()
      // It may be sent twice, without harm: a tab can see late what another has taken from the storage.
      await one.expectTasks(['Alpha', 'Beta'])
      await two.expectTasks(['Alpha', 'Beta'])
      await one.reload()
      await one.expectTasks(['Alpha', 'Beta'])
    })
  })
}
