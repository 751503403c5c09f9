/** Waits until a page looks as it is going to look. */
import { expect, type Page } from '@playwright/test'

/**
 * Opens it, and waits for what comes after it: Clerk's form, the list, what is loaded as one looks. The network never
 * falls silent: live queries stay open.
 */
export async function openSettled(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await expect(page.locator('[data-slot=skeleton], [aria-busy=true]')).toHaveCount(0)
}

/** Waits for all that fades or moves, but for what does so without end. */
export async function fadesEnded(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime))
    // One that is cancelled has ended too.
    await Promise.allSettled(ending.map(({ finished }) => finished))
  })
}
