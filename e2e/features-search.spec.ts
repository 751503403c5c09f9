import { expect, SCREENS, test } from './fixtures'
import { openDetails } from './row-actions'
import { TodoScreen } from './todo-screen'

for (const path of SCREENS) {
  test.describe(`on ${path}`, () => {
    test('/ searches texts and notes in the database, Escape leaves', async ({ alice }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('Buy oat milk', 'Call Bob', 'Milk the cow')
      const details = await openDetails(screen, 'Call Bob')
      await details.getByRole('textbox', { name: 'Notes' }).fill('about the MILK prices')
      await details.getByRole('textbox', { name: 'Notes' }).blur()
      await screen.saved()

      await page.locator('body').click({ position: { x: 5, y: 5 } })
      await page.keyboard.press('/')
      const field = page.getByRole('searchbox', { name: 'Search all todos' })
      await expect(field).toBeFocused()
      await field.pressSequentially('milk')
      await screen.expectTasks(['Buy oat milk', 'Call Bob', 'Milk the cow'])
      await field.pressSequentially(' oat')
      await screen.expectTasks(['Buy oat milk'])
      await expect(page).toHaveURL(/q=milk%20oat/)
      await screen.checkbox('Buy oat milk').click()
      await page.reload()
      await screen.expectTasks(['Buy oat milk'])
      await expect(screen.checkbox('Buy oat milk')).toBeChecked()
      await screen.checkbox('Buy oat milk').focus()
      await page.keyboard.press('/')
      await expect(field).toBeFocused()
      await field.press('Escape')
      await screen.expectTasks(['Buy oat milk', 'Call Bob', 'Milk the cow'])
      await expect(field).toBeHidden()
    })

    test('wildcards and quotes stand for themselves, and too long a search is said', async ({
      alice,
    }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('100% wool', '100 socks', 'a_b', 'axb', String.raw`c\d`, `it's "fine"`)
      await page.getByRole('button', { name: 'Search' }).click()
      const field = page.getByRole('searchbox', { name: 'Search all todos' })
      for (const [words, found] of [
        ['100%', ['100% wool']],
        ['a_b', ['a_b']],
        [String.raw`c\d`, [String.raw`c\d`]],
        [`it's "fine"`, [`it's "fine"`]],
        ['nothing like it', []],
      ] as const) {
        await field.fill(words)
        await screen.expectTasks([...found])
      }
      await field.fill('x'.repeat(300))
      await expect(page.getByText('more than can be searched for')).toBeVisible()
      await expect(screen.alert).toBeHidden()
    })
  })
}

test('a search finds nobody else’s todos', async ({ alice, bob }) => {
  const alices = await TodoScreen.open(alice.page, '/browser')
  await alices.add('Alice’s secret plan')
  const screen = await TodoScreen.open(bob.page, '/browser')
  await bob.page.getByRole('button', { name: 'Search' }).click()
  await bob.page.getByRole('searchbox', { name: 'Search all todos' }).fill('plan')
  await expect(bob.page.getByText('Nothing has these words.')).toBeVisible()
  await screen.expectTasks([])
})
