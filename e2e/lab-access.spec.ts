import { DEMO_USERS } from '../db/demo-users'
import { findAxeViolations } from './axe'
import { expect, signIn, test } from './fixtures'
import { LAB_ROOMS } from './lab-rooms'
import { openSettled } from './settled'

const SIZES = { desktop: { width: 1280, height: 720 }, phone: { width: 360, height: 740 } }

test('each room is accessible, light and dark, and fits a phone', async ({ page, context }) => {
  test.setTimeout(240_000)
  await signIn(context, DEMO_USERS.alice.id)
  for (const [room, show] of Object.entries(LAB_ROOMS)) {
    await openSettled(page, `/lab/${room}`)
    await show(page)
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport)
      const backgrounds = new Set<string>()
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        const place = `/lab/${room}, ${size}, ${colorScheme}`
        expect.soft(await findAxeViolations(page), place).toEqual([])
        backgrounds.add(
          await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor),
        )
      }
      expect(backgrounds.size, 'it was light and dark').toBe(2)
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      expect.soft(width, `/lab/${room} fits a ${size}`).toBeLessThanOrEqual(viewport.width)
    }
    await page.setViewportSize(SIZES.desktop)
  }
})
