import { decodeJwt } from 'jose'
import { expect, SCREENS, signIn, test } from './fixtures'
import { ownToken } from './sql-console'
import { stack } from './stack'
import { TodoScreen } from './todo-screen'
import type { Browser, Page } from '@playwright/test'

const TOKEN_REQUEST = /\/v1\/client\/sessions\/[^/]+\/tokens/
const SECOND = 1_000
const MINUTE = 60 * SECOND

declare global {
  /** Lets time pass on the page's clocks; its timers go on as they were. */
  var passTime: (ms: number) => void
}

/** A page of one user whose browser's clock is wrong by so many milliseconds. */
async function pageWithClock(browser: Browser, userId: string, offset: number): Promise<Page> {
  const context = await browser.newContext()
  await context.addInitScript((ms) => {
    const Real = Date
    const steady = performance.now.bind(performance)
    let passed = 0
    class Wrong extends Real {
      constructor(...given: ConstructorParameters<typeof Date> | []) {
        if (given.length === 0) super(Wrong.now())
        else super(...given)
      }
      static override now() {
        return Real.now() + ms + passed
      }
    }
    globalThis.Date = Wrong as DateConstructor
    performance.now = () => steady() + passed
    globalThis.passTime = (more) => {
      passed += more
    }
  }, offset)
  await signIn(context, userId)
  return context.newPage()
}

/** As often as clerk-js's own poller does in half a minute. */
async function askForTokens(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { Clerk } = globalThis as unknown as {
      Clerk: { session: { getToken(): Promise<string> } }
    }
    for (let i = 0; i < 20; i++) await Clerk.session.getToken()
  })
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

for (const offset of [-10 * MINUTE, -90 * SECOND, 90 * SECOND, 10 * MINUTE]) {
  test(`with a clock ${offset / SECOND} s off, a token is renewed in time, and no more often than needed`, async ({
    alice,
    browser,
  }) => {
    const page = await pageWithClock(browser, alice.userId, offset)
    const screen = await TodoScreen.open(page, '/browser')
    await screen.add('early')

    const counts = count(page)
    await askForTokens(page)
    // Without steadyTokens, a clock that is fast makes every one of them a request.
    expect(counts.asked).toBeLessThanOrEqual(1)

    // Two tokens of the same second would be one, and its age is counted from when it first came.
    const issuedAt = decodeJwt(await ownToken(page)).iat ?? 0
    await expect.poll(() => Math.floor(Date.now() / SECOND)).toBeGreaterThan(issuedAt)

    // A token lives for 60 s; without steadyTokens, a clock that is slow keeps it.
    counts.asked = 0
    await page.evaluate((ms) => {
      passTime(ms)
    }, 50 * SECOND)
    await askForTokens(page)
    expect(counts.asked).toBeGreaterThanOrEqual(1)
    expect(counts.asked).toBeLessThanOrEqual(2)

    await screen.add('late')
    await expect(screen.alert).toBeHidden()
    expect(counts.refused).toBe(0)
    const onServer = await TodoScreen.open(page, '/server')
    await onServer.add('on the server')
    await expect(onServer.alert).toBeHidden()
    await page.context().close()
  })
}

for (const path of SCREENS) {
  test(`on ${path}, a refused token is replaced before the user notices`, async ({ alice }) => {
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
