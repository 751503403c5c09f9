import { expect, test } from './fixtures'
import { ORIGIN } from './stack'
import { TodoScreen } from './todo-screen'

test('where SQL runs is switched in place, and this device remembers it', async ({ alice }) => {
  const { page } = alice
  await TodoScreen.open(page, '/server?filter=active')
  const where = page.getByRole('navigation', { name: 'Where SQL runs' })
  await where.getByRole('link', { name: 'Browser' }).click()
  await expect(page).toHaveURL(/\/browser\?filter=active$/)
  await expect(where.getByRole('link', { name: 'Browser' })).toHaveAttribute('aria-current')
  for (const entry of ['/todos', '/account']) {
    await page.goto(entry)
    await page.getByRole('link', { name: 'My todos' }).click()
    await expect(page).toHaveURL(/\/browser$/)
  }
  const other = await page.context().browser()?.newContext({ baseURL: ORIGIN })
  expect(await other?.cookies()).toEqual([])
  await other?.close()
})

test('demo users are one click away where the local Clerk runs, without a script too', async ({
  browser,
}) => {
  for (const javaScriptEnabled of [true, false]) {
    const context = await browser.newContext({ javaScriptEnabled })
    const page = await context.newPage()
    for (const [name, task] of [
      ['Bob', 'Return the library books'],
      ['Alice', 'Book the train to Lisbon'],
    ] as const) {
      await context.clearCookies()
      await page.goto('/')
      await page.getByRole('button', { name: `Try it as ${name}` }).click()
      await expect(page).toHaveURL(/\/server$/)
      await expect(page.getByText(task)).toBeVisible()
    }
    await context.close()
  }
})

test('the exchange on the landing page plays step by step, and is whole without a script', async ({
  browser,
}) => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const still = await context.newPage()
  await still.goto('/')
  await expect(still.getByText('Book the train to Lisbon')).toBeVisible()
  await expect(still.getByText('Return the library books')).toBeVisible()
  await expect(still.getByRole('button', { name: 'Play' })).toBeHidden()
  await context.close()

  const page = await browser.newPage()
  await page.goto('/')
  const back = page.getByRole('button', { name: 'Back' })
  while (await back.isEnabled()) await back.click()
  await expect(page.getByText('Book the train to Lisbon')).toBeHidden()
  const next = page.getByRole('button', { name: 'Next' })
  await next.click()
  await next.click()
  await expect(page.getByText('Book the train to Lisbon')).toBeVisible()
  await expect(page.getByText('Return the library books')).toBeHidden()
  await next.click()
  await next.click()
  await expect(page.getByText('Return the library books')).toBeVisible()
  await page.getByRole('button', { name: 'Play' }).click()
  await expect(page.getByText('Book the train to Lisbon')).toBeHidden()
  await expect(page.getByText('Book the train to Lisbon')).toBeVisible()
  await page.close()
})
