import { recordExchange } from './exchange'
import { expect, test } from './fixtures'

test('the exchange on the landing page is what the stack answers', async ({ browser }) => {
  const recorded = await recordExchange(browser)
  // `npm run record` writes the file anew.
  expect(`${JSON.stringify(recorded, null, 2)}\n`).toMatchSnapshot('exchange.json')
})
