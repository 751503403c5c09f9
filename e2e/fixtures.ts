/** Gives each test its own Alice and Bob: fresh users, each signed in with a browser context alone. */
import {
  test as base,
  expect,
  type Browser,
  type BrowserContext,
  type Page,
} from '@playwright/test'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { clerkClient, ORIGIN, stack } from './stack'

export { expect }

/** The same screen over two data sources: every story about todos is told on both. */
export const SCREENS = ['/server', '/browser'] as const

export type Person = { userId: string; email: string; page: Page }

export const PASSWORD = 'a-password-for-tests-only'

export const test = base.extend<{ alice: Person; bob: Person }>({
  alice: ({ browser }, use) => withPerson(browser, 'Alice', use),
  bob: ({ browser }, use) => withPerson(browser, 'Bob', use),
})

/** A user of the local Clerk, not signed in anywhere. */
export async function newUser(firstName: string): Promise<{ userId: string; email: string }> {
  const email = `${firstName.toLowerCase()}-${randomUUID()}@example.com`
  const user = await clerkClient().users.createUser({
    emailAddress: [email],
    password: PASSWORD,
    firstName,
  })
  return { userId: user.id, email }
}

/** A new user, signed in with a browser context of their own as long as `work` goes on. */
export async function withPerson(
  browser: Browser,
  firstName: string,
  work: (person: Person) => Promise<void>,
): Promise<void> {
  const user = await newUser(firstName)
  const context = await browser.newContext({ baseURL: ORIGIN })
  await signIn(context, user.userId)
  await work({ ...user, page: await context.newPage() })
  await context.close()
}

/**
 * Signs a browser in with a one-time ticket of Clerk's Backend API, in place of typing a password: by
 * the requests of clerk-js and the handshake of the app, without a page that would have to load them.
 */
export async function signIn(context: BrowserContext, userId: string): Promise<void> {
  const { token: ticket } = await clerkClient().signInTokens.createSignInToken({
    userId,
    expiresInSeconds: 300,
  })
  const url = ORIGIN
  const api = `${url}${stack().NEXT_PUBLIC_CLERK_PROXY_URL}/v1`
  const { request } = context
  // It may have been here before, signed out.
  await context.clearCookies()
  const devBrowser = z
    .object({ token: z.string() })
    .parse(await (await request.post(`${api}/dev_browser`)).json()).token
  const answer = await request.post(`${api}/client/sign_ins?__clerk_db_jwt=${devBrowser}`, {
    form: { strategy: 'ticket', ticket },
    headers: { origin: url },
  })
  expect(answer.status(), await answer.text()).toBe(200)
  // A browser that says it is signed in and has no session is sent through the handshake for one.
  await context.addCookies([
    { name: '__clerk_db_jwt', value: devBrowser, url },
    { name: '__client_uat', value: '1', url },
  ])
  await request.get(`${url}/sign-in`, { headers: { accept: 'text/html' } })
  const names = (await context.cookies(url)).map(({ name }) => name)
  expect(names, 'the handshake signs in').toContain('__session')
}

/** Signs in on Clerk's own form, as a person does. */
export async function enterPassword(page: Page, email: string, password = PASSWORD): Promise<void> {
  const next = page.getByRole('button', { name: 'Continue', exact: true })
  await page.getByLabel('Email address').fill(email)
  await next.click()
  await page.getByLabel('Password', { exact: true }).fill(password)
  await next.click()
}

/** As much of clerk-js as the tests use from the page. */
declare global {
  // An interface, because only an interface can extend the browser's own Window.
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions
  interface Window {
    Clerk?: {
      session: {
        id: string
        getToken: (options?: { skipCache: boolean }) => Promise<string | null>
        clearCache: () => void
      } | null
      user: {
        primaryEmailAddress: {
          prepareVerification: (by: { strategy: 'email_code' }) => Promise<unknown>
          attemptVerification: (by: { code: string }) => Promise<unknown>
        }
      } | null
    }
  }
}
