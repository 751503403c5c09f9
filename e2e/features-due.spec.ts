import type { Page } from '@playwright/test'
import { expect, newUser, SCREENS, signIn, test } from './fixtures'
import { openDetails } from './row-actions'
import { ORIGIN } from './stack'
import { TodoScreen } from './todo-screen'

/** Of the browser's own clock. */
const inDays = (page: Page, days: number) =>
  page.evaluate((count) => {
    const date = new Date()
    date.setDate(date.getDate() + count)
    return date.toLocaleDateString('sv')
  }, days)

for (const path of SCREENS) {
  test.describe(`on ${path}`, () => {
    test('a date at the end of a new todo is offered, and becomes its due date', async ({
      alice,
    }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.newTodo.pressSequentially('Call Bob tomorrow 9am')
      await expect(page.getByText('Due Tomorrow 09:00')).toBeVisible()
      await screen.newTodo.press('Enter')
      const row = screen.item('Call Bob')
      await expect(row).toContainText('Tomorrow 09:00')
      const tomorrow = await inDays(page, 1)
      await expect(row.locator('time')).toHaveAttribute('datetime', `${tomorrow}T09:00`)
      await screen.reload()
      await expect(screen.item('Call Bob')).toContainText('Tomorrow 09:00')
    })

    test('an offer that is refused leaves the text as it was typed', async ({ alice }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      const offer = page.getByText('Due Today')
      await screen.newTodo.pressSequentially('Read USA today')
      await page.getByRole('button', { name: 'Keep “today” in the text' }).click()
      await expect(offer).toBeHidden()
      await screen.newTodo.press('Enter')
      // It is refused for one todo only, and Escape refuses it, too.
      await screen.newTodo.pressSequentially('Watch USA today')
      await expect(offer).toBeVisible()
      await screen.newTodo.press('Escape')
      await expect(offer).toBeHidden()
      await screen.newTodo.press('Enter')
      for (const task of ['Read USA today', 'Watch USA today']) {
        await expect(screen.item(task)).toBeVisible()
        await expect(screen.item(task).locator('time')).toHaveCount(0)
      }
    })

    test('a due date is given in words, by the calendar, and taken away', async ({ alice }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('Pay rent')
      const details = await openDetails(screen, 'Pay rent')
      const due = details.getByRole('textbox', { name: 'Due' })
      await due.fill('someday')
      await due.press('Enter')
      await expect(details.getByText('That is no date.')).toBeVisible()
      await expect(due).toHaveValue('someday')
      await due.fill('today')
      await due.press('Enter')
      await expect(screen.item('Pay rent').locator('time').first()).toContainText('Today')

      await details.getByRole('button', { name: 'Pick a day' }).click()
      await details.getByRole('button', { name: 'Go to the Next Month' }).click()
      await details
        .getByRole('gridcell')
        .getByRole('button', { name: /\b15(th)?\b/ })
        .click()
      await expect(due).toHaveValue(/ 15/)
      await details.getByLabel('Time').fill('18:30')
      await expect(due).toHaveValue(/ 15.* 18:30/)
      await screen.saved()
      await page.reload()
      await expect(screen.item('Pay rent').locator('time')).toContainText(/ 15.* 18:30/)

      const again = await openDetails(screen, 'Pay rent')
      await again.getByRole('button', { name: 'Clear' }).click()
      await expect(screen.item('Pay rent').locator('time')).toHaveCount(0)
    })

    test('what is overdue says so in words', async ({ alice }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('Pay rent')
      const details = await openDetails(screen, 'Pay rent')
      await details.getByRole('textbox', { name: 'Due' }).fill('yesterday')
      await details.getByRole('textbox', { name: 'Due' }).press('Enter')
      await expect(screen.item('Pay rent')).toContainText('Yesterday · overdue')
      await screen.checkbox('Pay rent').click()
      await expect(screen.item('Pay rent')).not.toContainText('overdue')
    })
  })
}

test('far from the server’s time zone, today is the day on the visitor’s own clock', async ({
  browser,
}) => {
  // Between them it is never the same day.
  for (const timezoneId of ['Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
    const { userId } = await newUser('Alice')
    const context = await browser.newContext({ timezoneId, baseURL: ORIGIN })
    await signIn(context, userId)
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    const screen = await TodoScreen.open(page, '/server/today')
    await screen.add('Water the palms')
    await expect(screen.item('Water the palms')).toContainText('Today')
    await expect(screen.item('Water the palms').locator('time')).toHaveAttribute(
      'datetime',
      await inDays(page, 0),
    )
    await screen.reload()
    await screen.expectTasks(['Water the palms'])
    // Without a script, the server knows the zone by now.
    const html = await (await page.request.get('/server/today')).text()
    expect(html).toContain('Water the palms')
    expect(complaints).toEqual([])
    await context.close()
  }
})
