/** Makes a person of the tests a moderator, as Clerk's dashboard does. */
import type { Page } from '@playwright/test'
import { clerkClient } from './stack'

export async function makeModerator({ userId, page }: { userId: string; page: Page }) {
  await clerkClient().users.updateUserMetadata(userId, { publicMetadata: { role: 'moderator' } })
  // The token of the first page is older than that.
  await page.goto('/server')
  await page.waitForFunction(() => window.Clerk?.session)
  await page.evaluate(() => window.Clerk?.session?.getToken({ skipCache: true }))
}
