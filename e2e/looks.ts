/** How a page looks and fits, for the tests of access. */
import type { BrowserContext, Page } from '@playwright/test'
import { ORIGIN } from './stack'

export async function setTheme(context: BrowserContext, theme: 'light' | 'dark') {
  await context.addCookies([{ name: 'theme', value: theme, url: ORIGIN }])
}

/** How far a page can be scrolled sideways. */
export const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

/** Names what can be clicked but not in the whole of a square of 44 pixels around its middle. */
export const smallTargets = (page: Page, root = 'body') =>
  page.evaluate((within) => {
    const small: string[] = []
    for (const element of document.querySelectorAll(
      ['a', 'button', 'input', 'summary', '[role=checkbox]'].map((it) => `${within} ${it}`).join(),
    )) {
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue
      element.scrollIntoView({ block: 'center' })
      const box = element.getBoundingClientRect()
      if (box.width <= 1 || box.height <= 1) continue
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
      const isHit = ([dx, dy]: [number, number]) => {
        const hit = document.elementFromPoint(x + dx, y + dy)
        return hit !== null && (element.contains(hit) || hit.contains(element))
      }
      const edges: [number, number][] = [
        [-21, 0],
        [21, 0],
        [0, -21],
        [0, 21],
      ]
      const isBigEnough = box.width >= 44 && box.height >= 44
      if (!isBigEnough && !edges.every(isHit)) small.push(element.outerHTML.slice(0, 120))
    }
    return small
  }, root)
