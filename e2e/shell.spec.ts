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

test('the exchange on the landing page is whole, and can be stepped through without a script', async ({
  browser,
}) => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto('/')
  const [hers, his] = [
    page.getByText('Book the train to Lisbon'),
    page.getByText('Return the library books'),
  ]
  const seen = async () => [await hers.isVisible(), await his.isVisible()]
  expect(await seen()).toEqual([true, true])
  const steps = page.getByRole('radio')
  await steps.first().check()
  expect(await seen()).toEqual([false, false])
  for (const expected of [
    [true, false],
    [true, true],
  ]) {
    await page.keyboard.press('ArrowRight')
    expect(await seen()).toEqual(expected)
  }
  await steps.last().check()
  await expect(page.getByText('Without a token there is no answer at all.')).toBeVisible()
  await context.close()
})
