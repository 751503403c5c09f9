import { randomUUID } from 'node:crypto'
import { enterPassword, expect, newUser, PASSWORD, SCREENS, test } from './fixtures'
import { TodoScreen } from './todo-screen'

for (const path of SCREENS) {
  test(`a visitor of ${path} signs in with a password and comes back to it`, async ({ page }) => {
    const { email } = await newUser('Alice')
    await page.goto(path)
    await expect(page).toHaveURL(/\/sign-in/)
    await enterPassword(page, email)
    await expect(page).toHaveURL(new RegExp(`${path}$`))
    await new TodoScreen(page).expectTasks([])
  })

  test(`a visitor signs up and starts with an empty list of their own on ${path}`, async ({
    page,
  }) => {
    await page.goto('/sign-up')
    await page.getByLabel('Email address').fill(`carol-${randomUUID()}@example.com`)
    await page.getByLabel('Password', { exact: true }).fill(`a new password ${randomUUID()}`)
    await page.getByRole('button', { name: 'Continue', exact: true }).click()
    await expect(page).toHaveURL(/\/server$/)
    const screen = await TodoScreen.open(page, path)
    await screen.expectTasks([])
    await screen.add('My first todo')
    await screen.reload()
    await screen.expectTasks(['My first todo'])
  })

  test(`signing out on ${path} closes the list, also in another tab`, async ({ alice }) => {
    const screen = await TodoScreen.open(alice.page, path)
    await screen.add('Buy milk')
    await alice.page.getByRole('button', { name: 'Account menu' }).click()
    await alice.page.getByRole('button', { name: 'Sign out' }).click()
    await expect(alice.page.getByRole('link', { name: 'Sign in' })).toBeVisible()
    await expect(screen.newTodo).toBeHidden()
    const tab = await alice.page.context().newPage()
    await tab.goto(path)
    await expect(tab).toHaveURL(/\/sign-in/)
  })
}

test('a wrong password is refused in words, and the right one then works', async ({ page }) => {
  const { email } = await newUser('Alice')
  await page.goto('/sign-in')
  await enterPassword(page, email, 'not her password')
  await expect(page.getByTestId('form-feedback-error')).toContainText(/password is incorrect/i)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Continue', exact: true }).click()
  await expect(page).toHaveURL(/\/server$/)
})
