/** Gives each test its own Alice and Bob: fresh users, each signed in with a browser context alone. */
import { test as base, expect, type Browser, type Page } from '@playwright/test'
import { randomUUID } from 'node:crypto'
import { clerkClient } from './stack'

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

async function withPerson(
  browser: Browser,
  firstName: string,
  runTest: (person: Person) => Promise<void>,
): Promise<void> {
  const user = await newUser(firstName)
  const context = await browser.newContext()
  const page = await context.newPage()
  await signIn(page, user.userId)
  await runTest({ ...user, page })
  await context.close()
}

/** Signs in with a one-time ticket of Clerk's Backend API, in place of typing a password. */
export async function signIn(page: Page, userId: string): Promise<void> {
  const { token } = await clerkClient().signInTokens.createSignInToken({
    userId,
    expiresInSeconds: 300,
  })
  await page.goto('/')
  await page.waitForFunction(() => window.Clerk?.loaded)
  await page.evaluate(async (ticket) => {
    const clerk = window.Clerk
    const attempt = await clerk?.client.signIn.create({ strategy: 'ticket', ticket })
    await clerk?.setActive({ session: attempt?.createdSessionId ?? '' })
  }, token)
  await page.waitForFunction(() => Boolean(window.Clerk?.user))
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
      loaded: boolean
      user: { id: string } | null
      session: {
        id: string
        getToken: () => Promise<string | null>
        clearCache: () => void
      } | null
      client: {
        signIn: {
          create: (params: {
            strategy: 'ticket'
            ticket: string
          }) => Promise<{ createdSessionId: string | null }>
        }
      }
      setActive: (params: { session: string }) => Promise<void>
    }
  }
}
