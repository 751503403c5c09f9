import { expect, SCREENS, signIn, test } from './fixtures'
import { stack } from './stack'
import { TodoScreen } from './todo-screen'
import type { Browser, Page } from '@playwright/test'

const TOKEN_REQUEST = /\/v1\/client\/sessions\/[^/]+\/tokens/
const SECOND = 1_000
const MINUTE = 60 * SECOND

/** A page of one user whose browser's clock is wrong by so many milliseconds. */
async function pageWithClock(browser: Browser, userId: string, offset: number): Promise<Page> {
  const context = await browser.newContext()
  await context.addInitScript((ms) => {
    const Real = Date
    class Wrong extends Real {
      constructor(...given: ConstructorParameters<typeof Date> | []) {
        if (given.length === 0) super(Real.now() + ms)
        else super(...given)
      }
      static override now() {
        return Real.now() + ms
      }
    }
    globalThis.Date = Wrong as DateConstructor
  }, offset)
  const page = await context.newPage()
  await signIn(page, userId)
  return page
}

/** What a page asked Clerk for, and what the SQL proxy refused it, from now on. */
function count(page: Page) {
  const counts = { asked: 0, refused: 0 }
  page.on('request', (request) => {
    if (TOKEN_REQUEST.test(request.url())) counts.asked++
  })
  page.on('response', (response) => {
    if (response.url() === stack().NEXT_PUBLIC_SQL_URL && !response.ok()) counts.refused++
  })
  return counts
}

test('a browser’s clock may be wrong by ten minutes: tokens are renewed in time, and no oftener', async ({
  alice,
  browser,
}) => {
  // Opened one after the other: four browsers at once starve each other on a small machine.
  test.setTimeout(6 * MINUTE)
  const offsets = [-10 * MINUTE, -90 * SECOND, 90 * SECOND, 10 * MINUTE]
  const pages = []
  for (const offset of offsets) {
    const page = await pageWithClock(browser, alice.userId, offset)
    const screen = await TodoScreen.open(page, '/browser')
    await screen.add(`early ${offset}`)
    pages.push({ page, screen, offset, counts: count(page) })
  }

  // Longer than a token lives, with the proxy's leeway.
  const end = Date.now() + 100 * SECOND
  await expect
    .poll(() => Date.now(), { timeout: 2 * MINUTE, intervals: [5 * SECOND] })
    .toBeGreaterThan(end)

  for (const { page, screen, offset, counts } of pages) {
    await screen.add(`late ${offset}`)
    await expect(screen.alert).toBeHidden()
    // Every 45 s. Without SteadySession, a clock that is fast makes some 70 requests.
    expect(counts.asked, `token requests with a clock ${offset} ms off`).toBeLessThanOrEqual(8)
    expect(counts.asked).toBeGreaterThanOrEqual(1)
    expect(counts.refused).toBe(0)
    const onServer = await TodoScreen.open(page, '/server')
    await onServer.add(`server ${offset}`)
    await expect(onServer.alert).toBeHidden()
    await page.context().close()
  }
})

for (const path of SCREENS) {
  test(`on ${path}, a token that is refused is replaced before anything is said`, async ({
    alice,
  }) => {
    const { page } = alice
    const screen = await TodoScreen.open(page, path)
    await screen.add('Buy milk')
    if (path === '/browser') {
      let isFirst = true
      await page.route(stack().NEXT_PUBLIC_SQL_URL, async (route) => {
        if (route.request().method() !== 'POST' || !isFirst) return route.continue()
        isFirst = false
        const headers = { ...route.request().headers(), authorization: `Bearer ${EXPIRED}` }
        return route.continue({ headers })
      })
    } else {
      // Server actions are checked by the cookie.
      await page.context().clearCookies({ name: /^__session/ })
    }
    const renewed = page.waitForRequest((request) => TOKEN_REQUEST.test(request.url()))
    await screen.add('Call Bob')
    await renewed
    await screen.expectTasks(['Buy milk', 'Call Bob'])
    await expect(screen.alert).toBeHidden()
  })
}

/** No proxy believes it, and the app takes that for what an expired one is. */
const EXPIRED = 'eyJhbGciOiJSUzI1NiJ9.e30.AAAA'
