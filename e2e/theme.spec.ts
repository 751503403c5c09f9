import { expect, test } from './fixtures'
import { ORIGIN } from './stack'

const DARK = 'color-scheme'

test('a chosen theme is there in the first paint, without a script, and on every page', async ({
  browser,
}) => {
  const context = await browser.newContext({ colorScheme: 'light', javaScriptEnabled: false })
  await context.addCookies([{ name: 'theme', value: 'dark', url: ORIGIN }])
  const page = await context.newPage()
  for (const path of ['/', '/sign-in', '/nowhere']) {
    await page.goto(path)
    await expect(page.locator('html')).toHaveCSS(DARK, 'dark')
  }
  await context.close()
})

test('without a choice, and with a cookie that is no theme, the system decides', async ({
  browser,
}) => {
  const context = await browser.newContext({ colorScheme: 'dark' })
  const page = await context.newPage()
  for (const value of [null, 'system', '"><script>']) {
    await context.clearCookies()
    if (value !== null) await context.addCookies([{ name: 'theme', value, url: ORIGIN }])
    await page.goto('/')
    await expect(page.locator('html')).not.toHaveAttribute('data-theme')
    await expect(page.locator('html')).toHaveCSS(DARK, 'light dark')
  }
  await context.close()
})

test('the theme is switched at once, and kept', async ({ alice }) => {
  const { page } = alice
  await page.goto('/account')
  const main = page.getByRole('main')
  await main.getByRole('button', { name: 'Dark' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(main.getByRole('button', { name: 'Dark' })).toHaveAttribute('aria-pressed', 'true')
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await main.getByRole('button', { name: 'System' }).click()
  await expect(page.locator('html')).not.toHaveAttribute('data-theme')
})
