import { expect, SCREENS, test } from './fixtures'
import { chooseFor, openDetails } from './row-actions'
import { TodoScreen } from './todo-screen'

for (const path of SCREENS) {
  test.describe(`on ${path}`, () => {
    test('notes are saved as one types, and are there after a reload', async ({ alice }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('Buy milk')
      const details = await openDetails(screen, 'Buy milk')
      await details.getByRole('textbox', { name: 'Notes' }).fill('Oat, from the corner shop')
      await details.getByRole('textbox', { name: 'Notes' }).blur()
      await expect(screen.item('Buy milk')).toContainText('Oat, from the corner shop')
      await screen.reload()
      const again = await openDetails(screen, 'Buy milk')
      await expect(again.getByRole('textbox', { name: 'Notes' })).toHaveValue(
        'Oat, from the corner shop',
      )
    })

    test('long notes are read when their row is opened, kept offline, and searched as a whole', async ({
      alice,
    }) => {
      const { page } = alice
      const notes = `${'What is known about it. '.repeat(50)}A needle.`
      const screen = await TodoScreen.open(page, path)
      await screen.add('Haystack')
      const field = (await openDetails(screen, 'Haystack')).getByRole('textbox', { name: 'Notes' })
      await field.fill(notes)
      await field.blur()
      await screen.saved()
      await screen.reload()
      await expect(screen.item('Haystack')).toContainText('What is known about it.')
      expect(await page.content()).not.toContain('needle')

      await openDetails(screen, 'Haystack')
      await expect(field).toHaveValue(notes)
      await page.context().setOffline(true)
      await chooseFor(screen, 'Haystack', 'Due date and notes')
      await openDetails(screen, 'Haystack')
      await expect(field).toHaveValue(notes)
      await page.context().setOffline(false)

      await page.getByRole('button', { name: 'Search' }).click()
      await page.getByRole('searchbox').fill('needle')
      await expect(screen.item('Haystack')).toBeVisible()
    })

    test('notes that are being typed survive a reload in the same moment', async ({ alice }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('Buy milk')
      const details = await openDetails(screen, 'Buy milk')
      await details.getByRole('textbox', { name: 'Notes' }).fill('half a thought')
      await page.reload()
      await screen.isLive()
      await expect(screen.item('Buy milk')).toContainText('half a thought')
      await screen.saved()
      await page.reload()
      await expect(screen.item('Buy milk')).toContainText('half a thought')
    })
  })
}

test('addresses in notes and todos are links that tell the other site nothing', async ({
  alice,
}) => {
  const { page } = alice
  const screen = await TodoScreen.open(page, '/browser')
  await screen.add('Read https://example.com/a.')
  const link = screen.items.getByRole('link', { name: 'https://example.com/a', exact: true })
  await expect(link).toHaveAttribute('href', 'https://example.com/a')
  await expect(link).toHaveAttribute('rel', /noopener/)
  await expect(link).toHaveAttribute('target', '_blank')

  const details = await openDetails(screen, 'Read https://example.com/a.')
  const notes = details.getByRole('textbox', { name: 'Notes' })
  await notes.fill('See http://example.org/b\n<img src=x onerror="document.title=1">')
  await notes.blur()
  await expect(details.getByRole('link', { name: 'http://example.org/b' })).toBeVisible()
  await expect(details.locator('img')).toHaveCount(0)
  await details.getByRole('button', { name: 'Edit notes' }).click()
  await expect(notes).toBeFocused()
  await expect(notes).toHaveValue(/<img src=x/)
})

test('a text that would run as a link is only text', async ({ alice }) => {
  const screen = await TodoScreen.open(alice.page, '/browser')
  await screen.add('javascript:alert(1) data:text/html,x')
  await expect(screen.items.getByRole('link')).toHaveCount(0)
})

test('text from right to left is shown so', async ({ alice }) => {
  const screen = await TodoScreen.open(alice.page, '/browser')
  await screen.add('לקנות חלב')
  const direction = await screen
    .item('לקנות חלב')
    .getByText('לקנות חלב')
    .evaluate((element) => getComputedStyle(element).direction)
  expect(direction).toBe('rtl')
})
