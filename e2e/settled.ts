/** Opens a page and waits for what comes after it: Clerk's form, the list, what is loaded as one looks. */
import { expect, type Page } from '@playwright/test'

/** The network never falls silent: live queries stay open. */
export async function openSettled(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await expect(page.locator('[data-slot=skeleton], [aria-busy=true]')).toHaveCount(0)
}
