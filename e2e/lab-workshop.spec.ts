import { performPage } from './lab-steps'
import { test } from './fixtures'

test('each step of docs/workshop.md works as it is written', async ({ page }) => {
  test.setTimeout(300_000)
  await performPage(page, 'docs/workshop.md')
})
